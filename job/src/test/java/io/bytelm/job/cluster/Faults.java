package io.bytelm.job.cluster;

import static org.apache.flink.runtime.checkpoint.CheckpointFailureManager.EXCEEDED_CHECKPOINT_TOLERABLE_FAILURE_MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.cluster.FlinkRest.CheckpointCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Injects faults. Each method checks that its fault happened and waits for the restores that must follow. */
final class Faults {
    private final TestCluster cluster;
    private final FlinkCluster flink;
    private final FlinkRest rest;
    private final Random random;
    private final AwaitScores awaitScores;
    private final ServiceFaults services;

    /** Waits until each job has written many more scores. */
    interface AwaitScores {
        void run() throws InterruptedException;
    }

    /** @param random chooses the victims */
    Faults(TestCluster cluster, Random random, AwaitScores awaitScores) {
        this.cluster = cluster;
        this.flink = cluster.flink();
        this.rest = flink.rest();
        this.random = random;
        this.awaitScores = awaitScores;
        this.services = new ServiceFaults(cluster, random, this::awaitProgress);
    }

    int killTaskManager() throws Exception {
        long since = System.currentTimeMillis();
        Victim victim = victim();
        victim.process().kill();
        flink.forget(victim.process());
        flink.startTaskManager();
        return awaitRecovery(victim.jobs(), since);
    }

    int killLeadingJobManager() throws Exception {
        long since = System.currentTimeMillis();
        List<String> jobs = rest.jobs();
        ClusterProcess leader = flink.leadingJobManager();
        leader.kill();
        flink.forget(leader);
        flink.startJobManager();
        await("another JobManager leads", () -> flink.leadingJobManager().isAlive());
        return awaitRecovery(jobs, since);
    }

    /** The broker stays away until a job has failed for want of it. */
    int killBroker() throws Exception {
        long since = System.currentTimeMillis();
        List<String> jobs = rest.jobs();
        cluster.broker().kill();
        await("a job fails without its broker", () -> hasFailedSince(since, jobs));
        long back = System.currentTimeMillis();
        cluster.broker().startAgain();
        awaitCheckpoints(jobs, back);
        Set<String> restored = restoredSince(since);
        assertThat(restored).as("jobs restored after the broker was lost").isNotEmpty();
        return restored.size();
    }

    private boolean hasFailedSince(long since, List<String> jobs) throws IOException, InterruptedException {
        for (String job : jobs) {
            if (!rest.state(job).equals("RUNNING")) {
                return true;
            }
        }
        return !restoredSince(since).isEmpty();
    }

    /** Its jobs go on elsewhere; then it wakes up and believes that they are still its own. */
    int freezeTaskManager() throws Exception {
        long since = System.currentTimeMillis();
        Victim victim = victim();
        victim.process().freeze();
        try {
            awaitRecovery(victim.jobs(), since);
        } finally {
            victim.process().thaw();
        }
        await("the frozen TaskManager is back", () -> rest.allSlots() == FlinkCluster.ALL_SLOTS);
        return victim.jobs().size();
    }

    int hangService() throws Exception {
        long since = System.currentTimeMillis();
        Path marker = cluster.hangMarker();
        Files.deleteIfExists(HangingService.proof(marker));
        Set<String> restored;
        Files.createFile(marker);
        try {
            await("the service leaves a request unanswered", () -> Files.exists(HangingService.proof(marker)));
            await(
                    "the job of the hanging service restarts",
                    () -> !restoredSince(since).isEmpty());
            restored = restoredSince(since);
        } finally {
            Files.delete(marker);
        }
        return awaitRecovery(restored, since);
    }

    /** Those of the services that the English job asks. */
    ServiceFaults services() {
        return services;
    }

    /** All jobs complete checkpoints, none was restored, and all sessions go on: more is read than was under way. */
    private void awaitProgress() throws Exception {
        long since = System.currentTimeMillis();
        awaitCheckpoints(rest.jobs(), since);
        awaitScores.run();
        assertThat(restoredSince(since))
                .as("jobs restored for want of a service")
                .isEmpty();
    }

    /** Checkpoints fail and the jobs go on; then a TaskManager is lost while there is no newer checkpoint. */
    int fillDisk() throws Exception {
        long since = System.currentTimeMillis();
        Map<String, Long> failedBefore = new HashMap<>();
        for (String job : rest.jobs()) {
            failedBefore.put(job, rest.checkpoints(job).failed());
        }
        Victim victim;
        Files.createFile(cluster.fullDiskMarker());
        try {
            for (Map.Entry<String, Long> job : failedBefore.entrySet()) {
                await("checkpoints fail", () -> rest.checkpoints(job.getKey()).failed() >= job.getValue() + 2);
            }
            for (String job : failedBefore.keySet()) {
                assertThat(rest.failures(job, since))
                        .as("failures of job %s, which is to go on without checkpoints", job)
                        .noneMatch(failure -> failure.contains(EXCEEDED_CHECKPOINT_TOLERABLE_FAILURE_MESSAGE));
            }
            victim = victim();
            victim.process().kill();
            flink.forget(victim.process());
            flink.startTaskManager();
            awaitRestores(victim.jobs(), since);
            for (String job : victim.jobs()) {
                assertThat(rest.failures(job, since))
                        .as("the loss of job %s", job)
                        .isNotEmpty();
            }
        } finally {
            Files.delete(cluster.fullDiskMarker());
        }
        return awaitRecovery(victim.jobs(), since);
    }

    private record Victim(ClusterProcess process, Set<String> jobs) {}

    /** A TaskManager on which jobs run. */
    private Victim victim() throws IOException, InterruptedException {
        List<Victim> candidates = new ArrayList<>();
        for (Map.Entry<String, ClusterProcess> taskManager :
                flink.taskManagers().entrySet()) {
            Set<String> jobs = rest.jobsOn(taskManager.getKey());
            if (!jobs.isEmpty()) {
                candidates.add(new Victim(taskManager.getValue(), jobs));
            }
        }
        assertThat(candidates).as("TaskManagers at work").isNotEmpty();
        return candidates.get(random.nextInt(candidates.size()));
    }

    private Set<String> restoredSince(long millis) throws IOException, InterruptedException {
        Set<String> restored = new HashSet<>();
        for (String job : rest.jobs()) {
            CheckpointCounts counts = rest.checkpoints(job);
            if (counts.restored() > 0 && counts.restoredAtMillis() > millis) {
                restored.add(job);
            }
        }
        return restored;
    }

    private int awaitRecovery(Collection<String> jobs, long since) throws InterruptedException, IOException {
        awaitRestores(jobs, since);
        for (String job : jobs) {
            awaitCheckpoints(List.of(job), rest.checkpoints(job).restoredAtMillis());
        }
        return jobs.size();
    }

    private void awaitRestores(Collection<String> jobs, long since) throws InterruptedException {
        await("jobs " + jobs + " are restored", () -> restoredSince(since).containsAll(jobs));
    }

    /** Waits for a checkpoint of each job that began after a moment: everything in the job works again. */
    private void awaitCheckpoints(Collection<String> jobs, long since) throws InterruptedException {
        for (String job : jobs) {
            await(
                    "job " + job + " completes checkpoints again",
                    () -> rest.completedCheckpoints(job).stream()
                            .anyMatch(checkpoint -> checkpoint.triggeredAtMillis() > since));
        }
    }

    private void await(String what, Await.Question question) throws InterruptedException {
        cluster.await(what, question);
    }
}
