package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.record.hostile.HostileRecord;
import io.bytelm.record.hostile.HostileRecords;
import io.bytelm.record.wire.DeadLetterHeaders;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.ResultProtobuf;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever is in a record, the operator goes on, before and after a restore, and each of its outputs can be written.
 * {@code -Dhostile.rounds=1000 -Dhostile.seed=1} runs more.
 */
class HostileRecordsTest {
    private static final int ROUNDS = Integer.getInteger("hostile.rounds", 25);
    private static final long SEED = Long.getLong("hostile.seed", 20261128);
    private static final int RECORDS = 40;
    private static final int ANSWERS_PER_RECORD = 60;
    private static final int ANSWERS_AFTER_RESTORE = 500;

    private static EmbeddedTrieLmService oracle;

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @BeforeAll
    static void openService() throws IOException {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        oracle = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults());
    }

    @AfterAll
    static void closeService() {
        oracle.close();
    }

    @Test
    void whateverIsInARecordTheOperatorGoesOn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            OperatorSubtaskState snapshot = speak(SEED + round);
            goOn(snapshot, SEED + round);
        }
        System.out.println("hostile records: seed " + SEED + ", outcomes " + outcomes);
        assertThat(outcomes).containsKeys("malformed-open", "constraint-refused", "Finished", "Score");
    }

    private OperatorSubtaskState speak(long seed) throws Exception {
        HostileRecords records = new HostileRecords(seed, "session ");
        FrugalService service = new FrugalService(oracle);
        try (SessionOperatorHarness<SessionState> operator = open(Subtask.FRESH, service)) {
            for (int number = 0; number < RECORDS; number++) {
                HostileRecord record = records.next();
                service.allow(ANSWERS_PER_RECORD);
                try {
                    operator.flink.processElement(new StreamRecord<>(record.at(number)));
                    operator.runMails();
                } catch (Throwable failure) {
                    throw new AssertionError("seed " + seed + ", record " + number + ", " + record, failure);
                }
                check(operator.output, seed);
            }
            return operator.flink.snapshot(1, 1);
        }
    }

    private void goOn(OperatorSubtaskState snapshot, long seed) throws Exception {
        FrugalService service = new FrugalService(oracle);
        service.allow(ANSWERS_AFTER_RESTORE);
        try (SessionOperatorHarness<SessionState> operator = open(Subtask.restored(snapshot), service)) {
            operator.runMails();
            check(operator.output, seed);
        } catch (Throwable failure) {
            throw new AssertionError("seed " + seed + ", after the restore", failure);
        }
    }

    private static SessionOperatorHarness<SessionState> open(Subtask subtask, FrugalService service) throws Exception {
        return new SessionOperatorHarness<>(
                subtask,
                service,
                new AllSessionsLogic(
                        SessionDefaults.STANDARD, oracle.vocabulary(), oracle.contextTokens(), Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private void check(RecordingOutput output, long seed) {
        for (Object event : output.events) {
            Object value = event instanceof StreamRecord<?> record ? record.getValue() : event;
            if (value instanceof DeadLetter letter) {
                assertThat(letter.reason()).as("seed " + seed + ", " + letter).isNotEqualTo("internal-error");
                assertThat(DeadLetterHeaders.added(letter)).isNotEmpty();
                outcomes.merge(letter.reason(), 1, Integer::sum);
            } else if (value instanceof Result result) {
                assertThat(ResultJson.write(result)).isNotEmpty();
                assertThat(ResultProtobuf.write(result)).isNotEmpty();
                outcomes.merge(result.getClass().getSimpleName(), 1, Integer::sum);
            }
        }
        output.events.clear();
    }
}
