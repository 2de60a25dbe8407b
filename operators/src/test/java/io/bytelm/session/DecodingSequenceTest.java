package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** A numbered record that is committed in pieces is no repeat of itself, also when a restore comes between two pieces. */
class DecodingSequenceTest {
    private static final String OPEN = "{\"mode\":\"driven\",\"emit\":\"byte\",\"seed\":5,\"max_bytes\":40}";
    private static final int PIECE_BYTES = 16;

    private ScheduledService scheduled = new ScheduledService(new OracleService(), new Random(0), 0);

    private SessionOperatorHarness<SessionState> start(Subtask subtask) throws Exception {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        TrieLmService oracle = new BruteForceTrieLmService(english, new PortableModel(english.size()));
        scheduled = new ScheduledService(oracle, new Random(0), 0);
        SessionOperatorHarness<SessionState> operator = new SessionOperatorHarness<>(
                subtask,
                scheduled,
                new AllSessionsLogic(SessionDefaults.STANDARD, english, Long.MAX_VALUE, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
        operator.runMails();
        return operator;
    }

    private static void send(SessionOperatorHarness<SessionState> operator, long offset) throws Exception {
        SourcePosition source = new SourcePosition("in", 0, offset, 0);
        operator.flink.processElement(
                new StreamRecord<>(new InputRecord(new byte[] {'a'}, "open", "1", OPEN.getBytes(UTF_8), source)));
        operator.runMails();
    }

    private void answer(SessionOperatorHarness<SessionState> operator, int untilOutputs) throws Exception {
        while (scheduled.hasWaiting() && outputs(operator).size() < untilOutputs) {
            scheduled.answerOldest();
            operator.runMails();
        }
    }

    private static List<OutputRecord> outputs(SessionOperatorHarness<SessionState> operator) {
        List<OutputRecord> outputs = new ArrayList<>();
        for (Object event : operator.output.events) {
            if (event instanceof StreamRecord<?> record) {
                outputs.add((OutputRecord) record.getValue());
            }
        }
        return outputs;
    }

    @Test
    void aRestoreBetweenTwoPiecesGoesOnAndTrueRepeatsAreDropped() throws Exception {
        List<OutputRecord> expected;
        try (var operator = start(Subtask.FRESH)) {
            send(operator, 0);
            answer(operator, Integer.MAX_VALUE);
            expected = outputs(operator);
        }
        assertThat(expected).hasSizeGreaterThan(PIECE_BYTES + 1);

        List<OutputRecord> found = new ArrayList<>();
        OperatorSubtaskState state;
        try (var operator = start(Subtask.FRESH)) {
            send(operator, 0);
            answer(operator, 1);
            send(operator, 1); // a repeat that waits behind the first one
            state = operator.flink.snapshot(1, 1);
            found.addAll(outputs(operator));
            assertThat(found).hasSizeBetween(1, expected.size() - 1);
        }
        try (var operator = start(Subtask.restored(state))) {
            answer(operator, Integer.MAX_VALUE);
            found.addAll(outputs(operator));
            send(operator, 2); // a repeat of what is done
            assertThat(scheduled.hasWaiting()).isFalse();
            operator.flink.snapshot(2, 2);
            assertThat(operator.keysIn("in-flight")).isEmpty();
            assertThat(outputs(operator).get(outputs(operator).size() - 1)).isInstanceOf(Finished.class);
        }
        assertThat(found).isEqualTo(expected);
    }
}
