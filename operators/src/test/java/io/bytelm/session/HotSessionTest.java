package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.OutputRecord.Score;
import io.bytelm.session.ControlledService.Call;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How long the other sessions wait when one of them sends a burst of records, or a chunk without end. Time is simulated:
 * the service answers up to 32 requests every 10 ms, in the order in which they came.
 */
@Timeout(120)
class HotSessionTest {
    private static final int SESSIONS = 40;
    private static final int RECORDS = 1500;
    private static final int BURST = 3000;
    private static final int BATCH = 32;
    private static final long BATCH_MILLIS = 10;

    /** A record that is at the topic at this time. */
    private record Arrival(long atMillis, String session, String text) {}

    /** The operator, its service and its clock. */
    private static final class Simulation implements AutoCloseable {
        private final ControlledService service = new ControlledService();
        private final Deque<Call> queue = new ArrayDeque<>();
        private final SessionOperatorHarness<String> operator;
        private final List<Arrival> sent = new ArrayList<>();
        private final List<Long> othersMillis = new ArrayList<>();
        private long nowMillis;
        private int seenCalls;
        private int seenScores;
        private int hotScores;
        private boolean blocked;

        Simulation(int maxWaiting) throws Exception {
            operator = SessionOperatorHarness.appending(
                    Subtask.FRESH,
                    service,
                    new SessionSettings(
                            256,
                            maxWaiting,
                            64 << 20,
                            32,
                            RetrySettings.DEFAULT,
                            BreakerSettings.DEFAULT,
                            ServiceFailurePolicy.FAIL_JOB,
                            0));
        }

        /** Sends each record at its time, or as soon as the operator takes it, until the others have their answers. */
        void run(List<Arrival> arrivals) throws Exception {
            for (Arrival next : arrivals) {
                while (nowMillis < next.atMillis()) {
                    pass();
                }
                sent.add(next);
                blocked = true;
                postPump();
                operator.flink.processElement(new StreamRecord<>(
                        SessionOperatorHarness.record(next.session(), null, next.text(), sent.size() - 1)));
                blocked = false;
            }
            while (othersMillis.size() < RECORDS) {
                pass();
            }
        }

        private void postPump() {
            operator.flink.getTaskMailbox().put(new Mail(this::pump, 0, "time"));
        }

        private void pump() throws Exception {
            if (blocked) {
                tick();
                postPump();
            }
        }

        private void pass() throws Exception {
            tick();
            operator.runMails();
            measure();
        }

        private void tick() throws Exception {
            nowMillis++;
            operator.flink.setProcessingTime(nowMillis);
            List<Call> calls = service.calls();
            queue.addAll(calls.subList(seenCalls, calls.size()));
            seenCalls = calls.size();
            if (nowMillis % BATCH_MILLIS == 0) {
                for (int i = 0; i < BATCH && !queue.isEmpty(); i++) {
                    queue.remove().complete();
                }
            }
            measure();
        }

        private void measure() {
            List<Object> events = operator.output.events;
            for (; seenScores < events.size(); seenScores++) {
                Score score = (Score) ((StreamRecord<?>) events.get(seenScores)).getValue();
                Arrival cause = sent.get((int) score.source().offset());
                if (new String(score.session(), StandardCharsets.UTF_8).equals("hot")) {
                    hotScores++;
                } else {
                    othersMillis.add(nowMillis - cause.atMillis());
                }
            }
        }

        long p99OfTheOthersMillis() {
            long[] sorted =
                    othersMillis.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) (0.99 * sorted.length)];
        }

        @Override
        public void close() throws Exception {
            operator.close();
        }
    }

    /** The other sessions: two records in three milliseconds, of one to four bytes. */
    private static List<Arrival> others() {
        Random random = new Random(8);
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            String text = "abcd".substring(0, 1 + random.nextInt(4));
            arrivals.add(new Arrival(i * 3L / 2, "s" + random.nextInt(SESSIONS), text));
        }
        return arrivals;
    }

    private static List<Arrival> with(List<Arrival> hot, List<Arrival> others) {
        List<Arrival> all = new ArrayList<>(others);
        all.addAll(
                others.size() / 10,
                hot.stream()
                        .map(a -> new Arrival(others.get(others.size() / 10).atMillis(), a.session(), a.text()))
                        .toList());
        return all;
    }

    private static long p99WithoutMillis() throws Exception {
        try (Simulation alone = new Simulation(8192)) {
            alone.run(others());
            return alone.p99OfTheOthersMillis();
        }
    }

    private static List<Arrival> burst() {
        Arrival[] burst = new Arrival[BURST];
        Arrays.fill(burst, new Arrival(0, "hot", "x"));
        return List.of(burst);
    }

    @Test
    void aBurstOfOneSessionLeavesTheOthersAlone() throws Exception {
        try (Simulation simulation = new Simulation(8192)) {
            simulation.run(with(burst(), others()));
            assertThat(simulation.hotScores).as("the hot session goes on too").isGreaterThan(50);
            assertThat(simulation.p99OfTheOthersMillis()).isBetween(1L, 2 * p99WithoutMillis());
        }
    }

    @Test
    void aHugeChunkOfOneSessionLeavesTheOthersAlone() throws Exception {
        try (Simulation simulation = new Simulation(8192)) {
            List<Arrival> huge = List.of(new Arrival(0, "hot", "x".repeat(1000)));
            simulation.run(with(huge, others()));
            assertThat(simulation.service.calls().stream()
                            .filter(call -> call.path().startsWith("hot")))
                    .as("the hot session is worked on all the time")
                    .hasSizeGreaterThan(100);
            assertThat(simulation.p99OfTheOthersMillis()).isBetween(1L, 2 * p99WithoutMillis());
        }
    }

    @Test
    void whereTheBurstHasNoRoomToWaitItHoldsTheOthersUp() throws Exception {
        try (Simulation simulation = new Simulation(100)) {
            simulation.run(with(burst(), others()));
            assertThat(simulation.p99OfTheOthersMillis()).isGreaterThan(20 * p99WithoutMillis());
        }
    }
}
