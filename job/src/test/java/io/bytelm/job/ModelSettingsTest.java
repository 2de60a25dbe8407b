package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.ServiceStatistics;
import io.bytelm.service.TrieLmService;
import java.util.Objects;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** How long a model stays open beyond the job that used it. */
class ModelSettingsTest {
    private final ModelSettings model = new ModelSettings(
            null,
            new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32),
            new ServiceSettings(32, 0, 64 << 20, 2));

    /** How many contexts the model has evaluated since it was opened, after a job that asks for one. */
    private static long evaluationsAfterAJob(ServiceSource source) {
        try (TrieLmService lease = source.open()) {
            int start = lease.vocabulary().size() - 1;
            lease.expand(new ExpandRequest(
                            TokenContext.startingWith(start), new byte[0], new int[0], ExpandRequest.NO_ROWS))
                    .join();
            ServiceStatistics statistics = Objects.requireNonNull(lease.statistics());
            return statistics.evaluations() + statistics.cacheHits();
        }
    }

    @Test
    void onAClusterTheNextJobFindsItAsTheOneBeforeLeftIt() {
        ServiceSource onCluster = model.on(StreamExecutionEnvironment.createRemoteEnvironment("localhost", 1));
        assertThat(evaluationsAfterAJob(onCluster)).isEqualTo(1);
        assertThat(evaluationsAfterAJob(onCluster)).isEqualTo(2);
    }

    @Test
    void inAProcessOfItsOwnItEndsWithItsJob() {
        ServiceSource here = model.on(StreamExecutionEnvironment.createLocalEnvironment());
        assertThat(evaluationsAfterAJob(here)).isEqualTo(1);
        assertThat(evaluationsAfterAJob(here)).isEqualTo(1);
    }

    @Test
    void theBosTokenThatIsGivenBeginsContextsAndIsPartOfTheIdentity() {
        ModelSettings other = new ModelSettings(null, null, model.engineSettings(), model.service(), "1000");
        try (TrieLmService lease =
                other.on(StreamExecutionEnvironment.createLocalEnvironment()).open()) {
            assertThat(lease.vocabulary().bosToken()).isEqualTo(1000);
            assertThat(lease.identity().items())
                    .containsAllEntriesOf(other.look().identity());
        }
        assertThat(other.look().identity().get("vocabulary"))
                .isNotEqualTo(model.look().identity().get("vocabulary"));
        assertThat(other.ofResults()).containsEntry("bos", "1000");
        assertThat(model.ofResults()).doesNotContainKey("bos");
    }
}
