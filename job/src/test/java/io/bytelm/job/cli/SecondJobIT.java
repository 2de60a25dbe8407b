package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.kafka.KafkaSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectClusterClientConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SecondJobIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Test
    void aJobThatDoesTheSameIsNamedUntilItHasEnded(@InjectClusterClientConfiguration Configuration cluster)
            throws Exception {
        KafkaSettings settings = settings("b:9092, a:9092", "in", "group");
        StreamExecutionEnvironment submitting = submittingTo(cluster);
        assertThat(SecondJob.onTheCluster(submitting, settings)).isEmpty();

        JobClient running = endless(submitting, SecondJob.name(settings));

        Optional<String> said = SecondJob.onTheCluster(submitting, settings("a:9092,b:9092", "in", "group"));
        assertThat(said.orElseThrow())
                .startsWith("job " + running.getJobID() + " of this cluster (")
                .contains("already reads topic 'in' as group 'group' and writes topic 'out'")
                .contains("flink cancel " + running.getJobID(), "--group");
        assertThat(SecondJob.onTheCluster(submitting, settings("a:9092,b:9092", "in", "other")))
                .isEmpty();
        assertThat(SecondJob.onTheCluster(submitting, settings("c:9092", "in", "group")))
                .isEmpty();
        assertThat(SecondJob.onTheCluster(submitting, settings("a:9092,b:9092", "in2", "group")))
                .isEmpty();

        running.cancel().get(); // it is on its way to its end then
        assertThat(SecondJob.onTheCluster(submitting, settings)).isEmpty();
    }

    @Test
    void aClusterOfItsOwnHasNoOtherJobs(@InjectClusterClientConfiguration Configuration cluster) throws Exception {
        KafkaSettings settings = settings("a:9092", "alone", "group");
        JobClient running = endless(submittingTo(cluster), SecondJob.name(settings));
        Configuration application = new Configuration(cluster);
        application.set(DeploymentOptions.TARGET, "embedded");

        assertThat(SecondJob.onTheCluster(StreamExecutionEnvironment.getExecutionEnvironment(application), settings))
                .isEmpty();
        running.cancel().get();
    }

    private static StreamExecutionEnvironment submittingTo(Configuration cluster) {
        Configuration configuration = new Configuration();
        configuration.set(DeploymentOptions.TARGET, "remote");
        configuration.set(RestOptions.ADDRESS, cluster.get(RestOptions.ADDRESS));
        configuration.set(RestOptions.PORT, cluster.get(RestOptions.PORT));
        return new StreamExecutionEnvironment(configuration);
    }

    private static JobClient endless(StreamExecutionEnvironment env, String name) throws Exception {
        env.fromSequence(0, Long.MAX_VALUE).name("numbers").sinkTo(new DiscardingSink<>());
        env.setParallelism(1);
        return env.executeAsync(name);
    }

    private static KafkaSettings settings(String bootstrap, String in, String group) {
        return new KafkaSettings(
                bootstrap, in, "out", null, group, KafkaSettings.Start.COMMITTED, false, false, 60_000, Map.of());
    }
}
