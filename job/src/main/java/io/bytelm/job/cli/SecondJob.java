package io.bytelm.job.cli;

import io.bytelm.job.TargetCluster;
import io.bytelm.job.UserException;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that is already doing what one that starts is to do: each score would be written twice, and no error would say so.
 * Asked only where nothing is resumed, and where nothing but a person starts jobs: never after a crash.
 */
final class SecondJob {
    private static final long ANSWER_SECONDS = 30;
    private static final long END_SECONDS = 60;
    private static final long POLL_MILLIS = 200;

    /** Longer than the pause between two checkpoints where nobody has chosen another one. */
    private static final Duration LOOK = Duration.ofMillis(2_500);

    private SecondJob() {}

    private record Unended(JobID id, JobStatus status) {}

    /** Says what a job reads and writes, so that two that do the same have the same name. */
    static String name(KafkaSettings kafka) {
        String brokers = Arrays.stream(kafka.bootstrap().strip().split("\\s*,\\s*"))
                .sorted()
                .collect(Collectors.joining(","));
        return "ByteLM: score " + kafka.in() + " into " + kafka.out() + ", group " + kafka.group() + " at " + brokers;
    }

    /** The job of the same name that the cluster has and that has not ended; one that is being cancelled is waited for. */
    static Optional<String> onTheCluster(StreamExecutionEnvironment env, KafkaSettings kafka) throws Exception {
        return TargetCluster.ask(env, cluster -> unended(cluster, name(kafka)))
                .flatMap(found -> found)
                .map(job -> "job " + job.id() + " of this cluster (" + job.status() + ") already reads topic '"
                        + kafka.in() + "' as group '" + kafka.group() + "' and writes topic '" + kafka.out()
                        + "', and each score would be written twice: end it first (flink stop, or flink cancel "
                        + job.id() + "), or give this one another --group and another --out");
    }

    private static Optional<Unended> unended(ClusterClient<?> cluster, String name) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
        while (true) {
            List<Unended> jobs = new ArrayList<>();
            for (JobStatusMessage job : cluster.listJobs().get(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                if (job.getJobName().equals(name) && !job.getJobState().isGloballyTerminalState()) {
                    // the list may be some seconds old
                    jobs.add(new Unended(
                            job.getJobId(),
                            cluster.getJobStatus(job.getJobId()).get(ANSWER_SECONDS, TimeUnit.SECONDS)));
                }
            }
            jobs.removeIf(job -> job.status.isGloballyTerminalState());
            boolean allAreEnding = jobs.stream().allMatch(job -> job.status == JobStatus.CANCELLING);
            if (jobs.isEmpty() || !allAreEnding || System.nanoTime() > deadline) {
                return jobs.stream().findFirst();
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * On whatever cluster it runs: while records come, its group's offsets move. Waits for that, unless the group is new.
     *
     * @throws UserException if they do
     */
    static void refuseWhileTheGroupReads(KafkaSettings kafka) throws InterruptedException {
        if (new BrokerCheck(kafka.bootstrap(), kafka.clientProperties()).isBeingRead(kafka.in(), kafka.group(), LOOK)) {
            throw new UserException("somebody is reading topic '" + kafka.in() + "' as group '" + kafka.group()
                    + "' at this moment; if that is another job with these topics, each score would be written twice: end"
                    + " it first, or give this one another --group and another --out");
        }
    }
}
