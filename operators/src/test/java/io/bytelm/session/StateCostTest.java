package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Hypothesis;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.Emission;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.session.SessionStore.Stored;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What sessions cost in bytes of state. A beam of five hypotheses on contexts as they are in practice: one long stem, and
 * branches of a few dozen tokens; a token stands for 3.6 bytes of text. {@code -Dstate.sessions=100000} measures many
 * idle sessions on both backends.
 */
class StateCostTest {
    private static final double BYTES_PER_TOKEN = 3.6;
    private static final int CHUNK_TOKENS = 3;
    private static final int BRANCH_TOKENS = 20;

    /** What a model of the usual size reads. */
    private static final int CONTEXT_TOKENS = 2048;

    private static final int RECORDS = 400;

    /** A store on a backend, with a session's tokens drawn at random below the size of SmolLM2's vocabulary. */
    private static final class Sessions implements AutoCloseable {
        private final SessionOperatorHarness<SessionState> operator;
        private final SessionStore<SessionState> store;
        private final Random random = new Random(1);
        private long snapshots;

        Sessions(StateBackend backend) throws Exception {
            this(backend, Long.MAX_VALUE);
        }

        Sessions(StateBackend backend, long contextTokens) throws Exception {
            ScoringLogic logic =
                    new ScoringLogic(SessionDefaults.STANDARD, ControlledService.VOCABULARY, Long.MAX_VALUE);
            operator = new SessionOperatorHarness<>(
                    new Subtask(0, 1, null, backend),
                    new ControlledService(),
                    logic,
                    ImmutableTypeInfo.SESSION_STATE,
                    SessionSettings.DEFAULT);
            store = new SessionStore<>(
                    operator.flink.getOperator().getKeyedStateStore(),
                    ImmutableTypeInfo.SESSION_STATE,
                    logic,
                    contextTokens);
        }

        /** The session reads so many tokens. */
        void read(String session, int tokens) throws Exception {
            operator.flink.getOperator().setCurrentKey(session);
            Stored<SessionState> before = store.get();
            SessionState state = before.state();
            TokenContext stem = TokenContext.startingWith(0);
            if (state != null) {
                TokenContext newest = state.contexts().get(0);
                stem = newest.first(Math.max(1, newest.length() - BRANCH_TOKENS));
            }
            for (int i = 0; i < tokens; i++) {
                stem = stem.plus(random.nextInt(49_152));
            }
            store.set(before, stateOn(stem));
        }

        private SessionState stateOn(TokenContext stem) {
            List<Hypothesis> hypotheses = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                TokenContext context = stem;
                for (int branch = 0; branch < (i < 2 ? BRANCH_TOKENS : 2); branch++) {
                    context = context.plus(random.nextInt(49_152));
                }
                hypotheses.add(new Hypothesis(context, new byte[3], -i, false, EosMode.WITH_EOS, null));
            }
            Beam beam = new Beam(hypotheses, BeamParams.of(5, 0.001), EosMode.WITH_EOS);
            return new Open(new Reading.All(beam), new Emission(Emission.When.CHUNK, 5), 0, Totals.NONE);
        }

        /** Bytes that a checkpoint writes. */
        long checkpointBytes() throws Exception {
            snapshots++;
            OperatorSubtaskState state = operator.flink.snapshot(snapshots, snapshots);
            operator.flink.notifyOfCompletedCheckpoint(snapshots);
            return state.getManagedKeyedState().stream()
                    .mapToLong(handle -> handle instanceof IncrementalRemoteKeyedStateHandle incremental
                            ? incremental.getCheckpointedSize()
                            : handle.getStateSize())
                    .sum();
        }

        @Override
        public void close() throws Exception {
            operator.close();
        }
    }

    private static int tokensOf(int contextBytes) {
        return (int) (contextBytes / BYTES_PER_TOKEN);
    }

    /**
     * Bytes that one chunk of 10 bytes adds to an incremental checkpoint, for a session of a length; what RocksDB's
     * compactions write again in the background comes on top, now and then.
     */
    private static double bytesOfAChunk(int contextBytes, int chunks) throws Exception {
        // With buffers of its own RocksDB writes one file for each state and checkpoint, and has nothing to compact.
        EmbeddedRocksDBStateBackend backend = new EmbeddedRocksDBStateBackend(true);
        backend.getMemoryConfiguration().setUseManagedMemory(false);
        try (Sessions sessions = new Sessions(backend)) {
            for (int session = 0; session < 100; session++) {
                sessions.read("s" + session, tokensOf(contextBytes));
            }
            sessions.checkpointBytes();
            for (int chunk = 0; chunk < chunks; chunk++) {
                for (int session = 0; session < 100; session++) {
                    sessions.read("s" + session, CHUNK_TOKENS);
                }
            }
            return sessions.checkpointBytes() / 100.0 / chunks;
        }
    }

    @Test
    void anIncrementalCheckpointCostsTheNewBytesAndAConstantHoweverLongTheSessionIs() throws Exception {
        double at1 = bytesOfAChunk(1_000, 1);
        double at10 = bytesOfAChunk(10_000, 1);
        double at100 = bytesOfAChunk(100_000, 1);
        System.out.printf(
                "bytes of an incremental checkpoint for a chunk of 10 bytes, 1, 10 and 100 KB of context: %.0f %.0f %.0f%n",
                at1, at10, at100);
        assertThat(at10).isLessThan(1.5 * at1);
        assertThat(at100).isLessThan(1.5 * at1);
    }

    /** What a record spends on its session: what it reads, lets go, and writes. */
    private record Cost(double allocatedBytes, double micros) {}

    private static Cost costOfARecord(StateBackend backend, int contextBytes) throws Exception {
        try (Sessions sessions = new Sessions(backend, CONTEXT_TOKENS)) {
            sessions.read("s", tokensOf(10_000));
            for (int tokens = tokensOf(10_000); tokens < tokensOf(contextBytes); tokens += 1000) {
                sessions.read("s", 1000);
            }
            com.sun.management.ThreadMXBean thread =
                    (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long[] nanos = new long[RECORDS];
            long allocated = 0;
            for (int record = -RECORDS; record < RECORDS; record++) {
                long bytesBefore = thread.getCurrentThreadAllocatedBytes();
                long nanosBefore = thread.getCurrentThreadCpuTime();
                sessions.read("s", CHUNK_TOKENS);
                if (record >= 0) { // those before are for warming up
                    nanos[record] = thread.getCurrentThreadCpuTime() - nanosBefore;
                    allocated += thread.getCurrentThreadAllocatedBytes() - bytesBefore;
                }
            }
            Arrays.sort(nanos);
            return new Cost(allocated / (double) RECORDS, nanos[RECORDS / 2] / 1000.0);
        }
    }

    /** {@code -Dstate.megabytes=10} for older sessions than in the build, and a bound on the time. */
    @ParameterizedTest
    @MethodSource("backends")
    void aRecordCostsTheSameHoweverOldItsSessionIs(StateBackend backend) throws Exception {
        int megabytes = Integer.getInteger("state.megabytes", 1);
        costOfARecord(backend, 10_000);
        Cost young = costOfARecord(backend, 10_000);
        Cost old = costOfARecord(backend, 1_000_000 * megabytes);
        System.out.printf(
                "%s, a record of a session of 10 KB: %.0f KB allocated, %.0f us; of %d MB: %.0f KB, %.0f us%n",
                backend.getClass().getSimpleName(),
                young.allocatedBytes() / 1000,
                young.micros(),
                megabytes,
                old.allocatedBytes() / 1000,
                old.micros());
        assertThat(old.allocatedBytes()).isLessThan(1.5 * young.allocatedBytes());
        double mostTimes = megabytes > 1 ? 1.5 : 4; // a busy build's clock says little
        assertThat(old.micros()).isLessThan(mostTimes * young.micros());
    }

    /** Nor does a session of any age cost more of a checkpoint, which is of what is kept. */
    @ParameterizedTest
    @MethodSource("backends")
    void asMuchIsKeptOfASessionHoweverOldItIs(StateBackend backend) throws Exception {
        try (Sessions sessions = new Sessions(backend, CONTEXT_TOKENS)) {
            sessions.read("s", tokensOf(10_000));
            long young = sessions.checkpointBytes();
            for (int tokens = 0; tokens < tokensOf(1_000_000); tokens += 1000) {
                sessions.read("s", 1000);
            }
            assertThat(sessions.store.get().tree().size()).isLessThan(CONTEXT_TOKENS + CONTEXT_TOKENS / 2);
            if (backend instanceof HashMapStateBackend) { // RocksDB's files hold what is overwritten until it compacts
                assertThat(sessions.checkpointBytes()).isLessThan(3 * young / 2);
            }
        }
    }

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend(true));
    }

    @ParameterizedTest
    @MethodSource("backends")
    @EnabledIfSystemProperty(named = "state.sessions", matches = "[0-9]+")
    void idleSessions(StateBackend backend) throws Exception {
        int count = Integer.getInteger("state.sessions");
        for (int contextBytes : new int[] {100, 1_000}) {
            long heapBefore = usedHeapBytes();
            long startNanos = System.nanoTime();
            try (Sessions sessions = new Sessions(backend)) {
                for (int session = 0; session < count; session++) {
                    sessions.read("session-" + session, tokensOf(contextBytes));
                }
                long heapBytes = usedHeapBytes() - heapBefore;
                long writeNanos = System.nanoTime() - startNanos;
                long checkpoint = sessions.checkpointBytes();
                System.out.printf(
                        "%s %d sessions of %d bytes: a session %d bytes of checkpoint, %d of heap; written in %d ms,"
                                + " checkpoint in %d ms%n",
                        backend.getClass().getSimpleName(),
                        count,
                        contextBytes,
                        checkpoint / count,
                        heapBytes / count,
                        writeNanos / 1_000_000,
                        (System.nanoTime() - startNanos - writeNanos) / 1_000_000);
            }
        }
    }

    private static long usedHeapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
