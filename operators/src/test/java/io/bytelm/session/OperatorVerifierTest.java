package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.beam.Step;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/**
 * The toy session under schedules. {@code -Dverifier.schedules=N} runs more of them: a free core does about four thousand
 * in a minute.
 */
class OperatorVerifierTest {
    private static final int INPUTS = 10;
    private static final int SCHEDULES = Integer.getInteger("verifier.schedules", 300);

    private static List<InputRecord> input(long seed, int records) {
        Random random = new Random(seed);
        List<InputRecord> input = new ArrayList<>();
        for (int offset = 0; offset < records; offset++) {
            String session = "s" + random.nextInt(7);
            String text = "abcdef".substring(random.nextInt(3), 3 + random.nextInt(4));
            int dice = random.nextInt(10);
            String op = dice < 6 ? null : dice < 8 ? "pair" : dice == 8 ? "end" : "nonsense";
            input.add(SessionOperatorHarness.record(session, op, text, offset));
        }
        return input;
    }

    private static VerifiedJob<String> job(long seed, int records, Supplier<StateBackend> backend) {
        return new VerifiedJob<>(input(seed, records), AppendingLogic::new, Types.STRING, new OracleService(), backend);
    }

    @Test
    void snapshotsAndRestoresAfterEveryRecordAndEverySecondOneAreNotNoticed() throws Exception {
        OperatorVerifier<String> verifier = new OperatorVerifier<>(job(1, 30, HashMapStateBackend::new));
        verifier.verifyWithRestoreAfterEvery(1);
        verifier.verifyWithRestoreAfterEvery(2);
        assertThat(verifier.counts().restores).isEqualTo(2 * 30 + 2 * 15);
        assertThat(verifier.counts().restoredElements).isGreaterThan(60);
    }

    @Test
    void randomSchedulesAreNotNoticed() throws Exception {
        FaultCounts counts = new FaultCounts();
        for (int inputs = 0; inputs < INPUTS; inputs++) {
            OperatorVerifier<String> verifier = new OperatorVerifier<>(job(inputs, 30, HashMapStateBackend::new));
            for (int i = 0; i < SCHEDULES / INPUTS; i++) {
                verifier.verifyRandomSchedule(inputs * 1_000_000L + i);
            }
            counts.add(verifier.counts());
        }
        counts.assertEverythingHappened();
        assertThat(counts.restores).isGreaterThan(SCHEDULES);
    }

    @Test
    void norAreTheyWithRocksDb() throws Exception {
        OperatorVerifier<String> verifier = new OperatorVerifier<>(job(1, 12, EmbeddedRocksDBStateBackend::new));
        for (int seed = 0; seed < 8; seed++) {
            verifier.verifyRandomSchedule(seed);
        }
        assertThat(verifier.counts().restoredElements).isPositive();
        assertThat(verifier.counts().rescalings).isPositive();
    }

    @Test
    void aLogicThatIsNotPureIsNoticedAndTheScheduleNamed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        SessionLogic<String> counting = (state, record) -> Step.done(new Transition<>(
                "run " + runs.incrementAndGet(), List.of(new DeadLetter(record, "run", "number " + runs.get()))));
        OperatorVerifier<String> verifier = new OperatorVerifier<>(new VerifiedJob<>(
                input(1, 30), () -> counting, Types.STRING, new OracleService(), HashMapStateBackend::new));
        assertThatThrownBy(() -> verifier.verifyRandomSchedule(4711))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 4711");
        assertThatThrownBy(() -> verifier.verifyWithRestoreAfterEvery(2))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("every 2 records");
    }
}
