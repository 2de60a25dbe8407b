package io.bytelm.job.cluster;

import io.bytelm.job.cluster.FlinkRest.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long checkpoints take while nothing is broken. */
final class CheckpointDurations {
    /** One that took so long is described: where it waited is of interest. */
    private static final long SLOW_MILLIS = 1500;

    private final List<Long> millis = new ArrayList<>();
    private final List<String> slow = new ArrayList<>();

    /** Adds the completed checkpoints of all jobs that began after a moment. */
    void add(FlinkRest rest, long sinceMillis) throws IOException, InterruptedException {
        for (String job : rest.jobs()) {
            for (Checkpoint checkpoint : rest.completedCheckpoints(job)) {
                if (checkpoint.triggeredAtMillis() > sinceMillis) {
                    millis.add(checkpoint.tookMillis());
                    if (checkpoint.tookMillis() >= SLOW_MILLIS) {
                        slow.add(rest.described(job, checkpoint));
                    }
                }
            }
        }
    }

    int count() {
        return millis.size();
    }

    /** The duration (ms) that a share of the checkpoints does not exceed. */
    long quantileMillis(double share) {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(share * (sorted.size() - 1)));
    }

    @Override
    public String toString() {
        String durations = String.format(
                "%d checkpoints, p50 %d ms, p99 %d ms, max %d ms",
                count(), quantileMillis(0.5), quantileMillis(0.99), quantileMillis(1));
        return slow.isEmpty() ? durations : durations + "; slow: " + String.join("; ", slow);
    }
}
