package io.bytelm.job.likelihood.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.document.Item;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** {@code likelihood} reads no more documents at once than the model keeps the states of. */
class LikelihoodRoomTest {
    private static final int DOCUMENTS = 10;
    private static final int DOCUMENT_BYTES = 30;
    private static final Vocabulary VOCABULARY = new Vocabulary(
            List.of(new byte[0], new byte[] {'x'}), List.of(TokenKind.NORMAL, TokenKind.NORMAL), 0, new byte[0]);

    private static final class WaitingService implements TrieLmService {
        private final List<CompletableFuture<Expansion>> asked = new ArrayList<>();
        private final StateRoom room;

        WaitingService(long roomTokens) {
            this.room = new StateRoom(roomTokens);
        }

        @Override
        public Vocabulary vocabulary() {
            return VOCABULARY;
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            CompletableFuture<Expansion> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        @Override
        public StateRoom room() {
            return room;
        }

        @Override
        public void close() {}
    }

    private static long tokensOfADocument() {
        return StateRoom.tokensOf(DOCUMENT_BYTES)
                + SessionDefaults.STANDARD.beamParams(VOCABULARY).branchTokens();
    }

    /** How many of ten documents are worked on before the model has answered anything. */
    private static int begun(long roomTokens) throws Exception {
        WaitingService service = new WaitingService(roomTokens);
        ScoringPlan plan =
                new ScoringPlan(() -> service, SessionDefaults.STANDARD, null, Windows.NONE, false, 100, 1 << 20);
        try (var operator = new OneInputStreamOperatorTestHarness<Item, String>(new LikelihoodOperatorFactory(plan))) {
            operator.open();
            for (int number = 1; number <= DOCUMENTS; number++) {
                byte[] text = "x".repeat(DOCUMENT_BYTES).getBytes(UTF_8);
                operator.processElement(
                        new StreamRecord<>(Item.document("in", number, "in:" + number, text, DOCUMENT_BYTES)));
            }
            return service.asked.size();
        }
    }

    @Test
    void asManyAsThereIsRoomForAreBegun() throws Exception {
        assertThat(begun(3 * tokensOfADocument())).isEqualTo(3);
        assertThat(begun(Long.MAX_VALUE)).isEqualTo(DOCUMENTS);
    }

    @Test
    void oneThatIsLargerThanTheRoomIsReadAlone() throws Exception {
        assertThat(begun(1)).isEqualTo(1);
    }
}
