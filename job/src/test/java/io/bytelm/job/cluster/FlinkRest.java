package io.bytelm.job.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What the leading JobManager says about its cluster. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ALL_ATTEMPTS = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 300;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Supplier<String> leader;

    /** @param leader the address of whoever leads now */
    FlinkRest(Supplier<String> leader) {
        this.leader = leader;
    }

    /**
     * Numbers of a job's checkpoints. They begin anew with each leader.
     *
     * @param restoredAtMillis when the newest restore took place, by the wall clock; 0 if none did
     */
    record CheckpointCounts(long completed, long failed, long restored, long restoredAtMillis) {}

    /** One completed checkpoint. */
    record Checkpoint(long id, long triggeredAtMillis, long tookMillis) {}

    /** Asks again for some seconds: a leader may be busy, or just be gone until the next one leads. */
    JsonNode get(String path) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + ALL_ATTEMPTS.toNanos();
        while (true) {
            try {
                return getOnce(path);
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private JsonNode getOnce(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(leader.get() + path))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** The slots of all registered TaskManagers. */
    int allSlots() throws IOException, InterruptedException {
        return get("/overview").get("slots-total").asInt();
    }

    /** The ids of the jobs that run or are about to run again. */
    List<String> jobs() throws IOException, InterruptedException {
        List<String> jobs = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").get("jobs")) {
            if (!Set.of("FAILED", "CANCELED", "FINISHED")
                    .contains(job.get("state").asText())) {
                jobs.add(job.get("jid").asText());
            }
        }
        return jobs;
    }

    String state(String job) throws IOException, InterruptedException {
        return get("/jobs/" + job).get("state").asText();
    }

    /** The jobs of which this TaskManager holds slots; none if it is not registered. */
    Set<String> jobsOn(String taskManager) throws IOException, InterruptedException {
        Set<String> jobs = new HashSet<>();
        for (JsonNode registered : get("/taskmanagers").get("taskmanagers")) {
            if (registered.get("id").asText().equals(taskManager)) {
                for (JsonNode slot : get("/taskmanagers/" + taskManager).get("allocatedSlots")) {
                    jobs.add(slot.get("jobId").asText());
                }
            }
        }
        return jobs;
    }

    CheckpointCounts checkpoints(String job) throws IOException, InterruptedException {
        JsonNode statistics = get("/jobs/" + job + "/checkpoints");
        JsonNode counts = statistics.get("counts");
        return new CheckpointCounts(
                counts.get("completed").asLong(),
                counts.get("failed").asLong(),
                counts.get("restored").asLong(),
                statistics
                        .path("latest")
                        .path("restored")
                        .path("restore_timestamp")
                        .asLong(0));
    }

    /** What has failed a job since a moment by the wall clock, each with its stack trace, as many as are remembered. */
    List<String> failures(String job, long sinceMillis) throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        for (JsonNode failure :
                get("/jobs/" + job + "/exceptions").path("exceptionHistory").path("entries")) {
            if (failure.path("timestamp").asLong() >= sinceMillis) {
                failures.add(failure.path("stacktrace").asText());
            }
        }
        return failures;
    }

    /** The job's newest completed checkpoints, as many as the JobManager remembers. */
    List<Checkpoint> completedCheckpoints(String job) throws IOException, InterruptedException {
        List<Checkpoint> completed = new ArrayList<>();
        for (JsonNode checkpoint : get("/jobs/" + job + "/checkpoints").get("history")) {
            if (checkpoint.get("status").asText().equals("COMPLETED")) {
                completed.add(new Checkpoint(
                        checkpoint.get("id").asLong(),
                        checkpoint.get("trigger_timestamp").asLong(),
                        checkpoint.get("end_to_end_duration").asLong()));
            }
        }
        return completed;
    }

    /** Where a checkpoint took its time: of each task the longest (ms) that a subtask took, and of what that consists. */
    String described(String job, Checkpoint checkpoint) throws IOException, InterruptedException {
        List<String> tasks = new ArrayList<>();
        for (JsonNode task : get("/jobs/" + job).get("vertices")) {
            JsonNode times = get("/jobs/" + job + "/checkpoints/details/" + checkpoint.id() + "/subtasks/"
                            + task.get("id").asText())
                    .path("summary");
            tasks.add("%s %d ms, barrier after %d ms, aligned in %d ms, snapshot %d + %d ms"
                    .formatted(
                            task.get("name").asText().split("[ :]", 2)[0],
                            longest(times.path("end_to_end_duration")),
                            longest(times.path("start_delay")),
                            longest(times.path("alignment").path("duration")),
                            longest(times.path("checkpoint_duration").path("sync")),
                            longest(times.path("checkpoint_duration").path("async"))));
        }
        return "checkpoint " + checkpoint.id() + " of job " + job + " took " + checkpoint.tookMillis() + " ms ("
                + String.join(", ", tasks) + ")";
    }

    private static long longest(JsonNode statistics) {
        return statistics.path("max").asLong(-1);
    }
}
