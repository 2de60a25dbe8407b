package io.bytelm.job.likelihood.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.likelihood.document.Item;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.TrieLmService;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code likelihood} where the service refuses requests. */
@Timeout(60)
class RefusedRequestsTest {
    private static final long SEED = 3;
    private static final Vocabulary VOCABULARY = ToyVocabulary.random(new Random(SEED));
    private static final List<String> TEXTS = List.of("a", "ab", "abab", "ba");

    /** Fails each request so many times before it answers. */
    private static final class RefusingService implements TrieLmService {
        private final TrieLmService answering =
                new BruteForceTrieLmService(VOCABULARY, new PortableModel(VOCABULARY.size()));
        private final Map<String, Integer> asked = new ConcurrentHashMap<>();
        private final int refusals;
        private final Supplier<RuntimeException> refusal;

        RefusingService(int refusals, Supplier<RuntimeException> refusal) {
            this.refusals = refusals;
            this.refusal = refusal;
        }

        @Override
        public Vocabulary vocabulary() {
            return VOCABULARY;
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            String key = request.context() + new String(request.path(), UTF_8);
            return asked.merge(key, 1, Integer::sum) <= refusals
                    ? CompletableFuture.failedFuture(refusal.get())
                    : answering.expand(request);
        }

        @Override
        public void close() {}
    }

    private static List<String> rows(int refusals, Supplier<RuntimeException> refusal) throws Exception {
        RefusingService service = new RefusingService(refusals, refusal);
        ScoringPlan plan =
                new ScoringPlan(() -> service, SessionDefaults.STANDARD, null, Windows.NONE, false, 100, 1 << 20);
        try (var operator = new OneInputStreamOperatorTestHarness<Item, String>(new LikelihoodOperatorFactory(plan))) {
            operator.open();
            for (String text : TEXTS) {
                operator.processElement(new StreamRecord<>(
                        Item.document("in", text.length(), "in:" + text, text.getBytes(UTF_8), text.length())));
            }
            operator.endInput();
            return operator.extractOutputValues().stream().sorted().toList();
        }
    }

    @Test
    void whatIsRefusedForNowIsAskedAgainAndChangesNoRow() throws Exception {
        List<String> undisturbed = rows(0, () -> ServiceRefusedException.unavailable("away"));
        assertThat(undisturbed).hasSize(TEXTS.size());

        assertThat(rows(2, () -> ServiceRefusedException.unavailable("away"))).isEqualTo(undisturbed);
        assertThat(rows(1, () -> ServiceRefusedException.exhausted("full", 10))).isEqualTo(undisturbed);
    }

    @Test
    void whatFailsForGoodFailsTheTask() {
        assertThatThrownBy(() -> rows(1, () -> new ModelException("token 9 is none")))
                .hasStackTraceContaining("token 9 is none");
        assertThatThrownBy(() -> rows(1, () -> ServiceRefusedException.wrongModel("another model")))
                .hasStackTraceContaining("another model");
    }
}
