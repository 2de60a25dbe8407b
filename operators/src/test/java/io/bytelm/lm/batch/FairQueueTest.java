package io.bytelm.lm.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairQueueTest {
    private final FairQueue<String, String> queue = new FairQueue<>();

    @Test
    void clientsTakeTurnsHoweverManyEachHasBrought() {
        bring(1, 0, "a1", "a2", "a3", "a4");
        bring(2, 0, "b1");
        bring(3, 0, "c1", "c2");

        assertThat(pollAll()).containsExactly("a1", "b1", "c1", "a2", "c2", "a3", "a4");
    }

    @Test
    void soDoTheSessionsOfAClientWithoutCostToTheOthers() {
        bring(1, 1, "a1", "a2", "a3");
        bring(1, 2, "b1", "b2");
        bring(2, 7, "x1", "x2", "x3");

        assertThat(pollAll()).containsExactly("a1", "x1", "b1", "x2", "a2", "x3", "b2", "a3");
    }

    @Test
    void whatIsTakenOutOfTheMiddleIsNobodysTurn() {
        bring(1, 1, "a1", "a2");
        bring(2, 1, "b1");

        assertThat(queue.remove("b1")).isEqualTo("b1");
        assertThat(queue.remove("b1")).isNull();
        assertThat(queue.sizeOf(2)).isZero();
        assertThat(pollAll()).containsExactly("a1", "a2");
    }

    @Test
    void theBusiestClientGivesWhatCameLastOfItsBusiestSession() {
        bring(1, 1, "a1");
        bring(2, 1, "b1", "b2");
        bring(2, 2, "c1", "c2", "c3");

        assertThat(queue.busiestClient()).isEqualTo(2);
        assertThat(queue.removeNewestOf(2)).isEqualTo("c3");
        assertThat(queue.oldest()).isEqualTo("a1");
    }

    /** The definition, word by word: who was served least recently is served next. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void nobodyIsServedTwiceWhileAnotherClientWaits(long seed) {
        Random random = new Random(seed);
        Map<String, Long> clientOf = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            long client = random.nextInt(1 + random.nextInt(6));
            clientOf.put("r" + i, client);
            queue.add("r" + i, "r" + i, new Terms(client, random.nextInt(3), 1));
            if (random.nextInt(10) == 0) {
                String removed = "r" + random.nextInt(i + 1);
                if (queue.remove(removed) != null) {
                    clientOf.remove(removed);
                }
            }
        }
        long lastClient = -1;
        List<String> left = new ArrayList<>(clientOf.keySet());
        while (!left.isEmpty()) {
            String served = queue.poll();
            assertThat(left.remove(served)).as("seed %d", seed).isTrue();
            long client = clientOf.getOrDefault(served, -2L);
            boolean othersWaited = left.stream().anyMatch(other -> clientOf.getOrDefault(other, -2L) != client);
            assertThat(client == lastClient && othersWaited).as("seed %d", seed).isFalse();
            lastClient = othersWaited ? client : -1;
        }
        assertThat(queue.poll()).isNull();
        assertThat(queue.size()).isZero();
    }

    private void bring(long client, long session, String... requests) {
        for (String request : requests) {
            queue.add(request, request, new Terms(client, session, 1));
        }
    }

    private List<String> pollAll() {
        List<String> all = new ArrayList<>();
        for (String next = queue.poll(); next != null; next = queue.poll()) {
            all.add(next);
        }
        return all;
    }
}
