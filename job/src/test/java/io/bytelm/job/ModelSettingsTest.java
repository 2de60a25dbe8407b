package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.likelihood.ByteModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.RandomCheckpoint;
import io.bytelm.lm.djl.StatePrecision;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.ServiceStatistics;
import io.bytelm.service.TrieLmService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static EngineSettings engine(StatePrecision states) {
        return new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32, states);
    }

    @Test
    void roundedStatesArePartOfResultsAndOfTheIdentityAndOthersAreNotNamed() {
        ModelSettings rounded = new ModelSettings(null, engine(StatePrecision.INT8), model.service());
        assertThat(rounded.ofResults()).containsEntry("state-precision", "int8");
        assertThat(model.ofResults()).doesNotContainKey("state-precision");
        try (TrieLmService lease = rounded.open()) {
            assertThat(lease.identity().items()).containsEntry("state precision", "int8");
            assertThat(lease.keptTokens()).isEqualTo((64 << 20) / (6 * 4 * (64 + 4) + 4 * 256 + 128));
        }
    }

    @Test
    void aModelWhoseStatesCannotBeRoundedIsRefusedWhereAJobIsSubmitted(@TempDir Path directory) throws IOException {
        ByteModel.write(directory);
        JsonNode recording = new ObjectMapper()
                .readTree(Objects.requireNonNull(
                        RandomCheckpoint.class.getResource("/random-models/families/qwen3-5-moe.json")));
        RandomCheckpoint.recorded(recording).write(directory, StoredType.F32);
        ModelSettings rounded =
                new ModelSettings(directory.toString(), engine(StatePrecision.BFLOAT16), model.service());

        assertThatThrownBy(() -> rounded.on(StreamExecutionEnvironment.createRemoteEnvironment("localhost", 1)))
                .isInstanceOf(UserException.class)
                .hasMessage(directory + ": state precision bfloat16 is for attention, but some layers of this model are"
                        + " delta nets, where rounding would add up; use state precision float32");
    }
}
