package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs the same input through the session operator under many schedules, and demands of each one the output and the
 * states of a plain run: in order and value for value, nothing lost and nothing twice. The idea is that of Hazelcast
 * Jet's {@code TestSupport}: a processor must not notice snapshots and restores.
 */
final class OperatorVerifier<S> {
    private static final int MAX_RESTORES = 8;

    /** What a schedule does between the beginning of the input and its end. */
    private interface Script<S> {
        void run(SimulatedJob<S> job) throws Exception;
    }

    private record Result<S>(Map<ByteBuffer, List<StreamRecord<?>>> published, List<S> states) {}

    private final VerifiedJob<S> job;
    private final FaultCounts counts = new FaultCounts();
    private final Result<S> plain;

    OperatorVerifier(VerifiedJob<S> job) throws Exception {
        this.job = job;
        this.plain = run(new Random(0), Turbulence.NONE, OperatorVerifier::feedAndSettle);
        assertThat(plain.published()).as("output of the plain run").isNotEmpty();
    }

    /** What has happened in all schedules so far. */
    FaultCounts counts() {
        return counts;
    }

    /** A snapshot and a restore after every {@code period} records, with all of their elements still in flight. */
    void verifyWithRestoreAfterEvery(int period) throws Exception {
        verify("restore after every " + period + " records, nothing answered before", new Random(1), script -> {
            for (int fed = 1; script.hasInput(); fed++) {
                script.feed();
                restoreIfDue(script, fed, period);
            }
        });
        verify("restore after every " + period + " records, answers in between", new Random(2), script -> {
            for (int fed = 1; script.hasInput(); fed++) {
                script.feed();
                script.serviceEvent();
                script.maybeRunMail();
                restoreIfDue(script, fed, period);
            }
        });
    }

    /** Rescales from 1 to 2 to 3 subtasks and back to 1, each time after a quarter of the input, with records in flight. */
    void verifyRescaling(long seed) throws Exception {
        int quarter = Math.max(1, job.input().size() / 4);
        Random random = new Random(seed);
        verify("rescaling 1->2->3->1 with seed " + seed, random, new Turbulence(5, 2, 20, 0), script -> {
            int[] parallelisms = {2, 3, 1};
            for (int fed = 1; script.hasInput(); fed++) {
                script.feed();
                script.serviceEvent();
                script.maybeRunMail();
                if (fed % quarter == 0 && fed / quarter <= parallelisms.length) {
                    script.snapshot();
                    script.restore(parallelisms[fed / quarter - 1]);
                }
            }
        });
    }

    /** A schedule in which everything is drawn at random from the seed. */
    void verifyRandomSchedule(long seed) throws Exception {
        Random random = new Random(seed);
        Turbulence turbulence =
                new Turbulence(random.nextInt(15), random.nextInt(8), random.nextInt(60), random.nextInt(40));
        int feeds = 1 + random.nextInt(20);
        int snapshots = 1 + random.nextInt(4);
        int restores = random.nextInt(3);
        int events = 10 + random.nextInt(30);
        verify("schedule with seed " + seed, random, turbulence, job -> {
            int restored = 0;
            while (job.hasInput()) {
                int dice = random.nextInt(feeds + snapshots + restores + 2 * events);
                if ((dice -= feeds) < 0) {
                    job.feed();
                } else if ((dice -= snapshots) < 0) {
                    job.snapshot();
                } else if ((dice -= restores) < 0) {
                    if (restored++ < MAX_RESTORES) {
                        job.restore(1 + random.nextInt(3));
                    }
                } else if (dice % 2 == 0) {
                    job.serviceEvent();
                } else {
                    job.maybeRunMail();
                }
            }
        });
    }

    private static <S> void feedAndSettle(SimulatedJob<S> job) throws Exception {
        while (job.hasInput()) {
            job.feed();
        }
    }

    private static <S> void restoreIfDue(SimulatedJob<S> job, int fed, int period) throws Exception {
        if (fed % period == 0) {
            job.snapshot();
            job.restore(1);
        }
    }

    private void verify(String name, Random random, Script<S> script) throws Exception {
        verify(name, random, Turbulence.NONE, script);
    }

    private void verify(String name, Random random, Turbulence turbulence, Script<S> script) throws Exception {
        Result<S> result;
        try {
            result = run(random, turbulence, script);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(name + ": " + e, e);
        }
        assertThat(result.published()).as("output of " + name).isEqualTo(plain.published());
        assertThat(result.states()).as("states of " + name).containsExactlyInAnyOrderElementsOf(plain.states());
    }

    private Result<S> run(Random random, Turbulence turbulence, Script<S> script) throws Exception {
        FaultCounts happened = new FaultCounts();
        try (SimulatedJob<S> simulated = new SimulatedJob<>(job, random, turbulence, happened)) {
            script.run(simulated);
            simulated.finish();
            return new Result<>(simulated.published(), simulated.states());
        } finally {
            counts.add(happened);
        }
    }
}
