package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.job.EngineSettings;
import io.bytelm.job.JobModel;
import io.bytelm.job.KnownModel;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.RemoteModel;
import io.bytelm.job.UserException;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.StatePrecision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.grpc.RemoteSettings;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/** Which model, in the TaskManagers, and how it is run; or services that are asked instead. */
final class ModelOptions {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final long MOST_MEBIBYTES = Long.MAX_VALUE >> MEBIBYTE_SHIFT;

    static final ConfigOption<String> MODEL = key("model")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "A Hugging Face directory, at the same path where the query is planned and on every TaskManager;"
                            + " by default the small English model that comes with the program.");

    private static final ConfigOption<String> ADAPTER = key("adapter")
            .stringType()
            .noDefaultValue()
            .withDescription("A directory with a LoRA adapter that is merged into the model.");

    private static final ConfigOption<String> BOS = key("bos")
            .stringType()
            .noDefaultValue()
            .withDescription("The token that every context begins with, by name or id; by default the model's.");

    private static final ConfigOption<String> DEVICE =
            key("device").stringType().defaultValue("cpu").withDescription("cpu, gpu0, gpu1, ...");

    private static final ConfigOption<Integer> THREADS =
            key("threads").intType().defaultValue(0).withDescription("CPU threads of the model; 0 is one a core.");

    private static final ConfigOption<Integer> MAX_CONTEXT_SIZE = key("max-context-size")
            .intType()
            .defaultValue(0)
            .withDescription("The most tokens that the model reads back; 0 is the model's own limit.");

    private static final ConfigOption<Integer> CONTEXT_STRIDE = key("context-stride")
            .intType()
            .defaultValue(0)
            .withDescription("How many of the oldest tokens fall out at once; 0 is half of the longest context.");

    private static final ConfigOption<String> PRECISION = key("precision")
            .stringType()
            .defaultValue("float32")
            .withDescription("What linear layers are computed in: float32, bfloat16, float16 or int8.");

    private static final ConfigOption<String> STATE_PRECISION = key("state-precision")
            .stringType()
            .defaultValue("float32")
            .withDescription("What the states in 'state-cache-mb' are kept in: float32, bfloat16 or int8.");

    private static final ConfigOption<Long> STATE_CACHE_MB = key("state-cache-mb")
            .longType()
            .defaultValue(512L)
            .withDescription("Memory (MiB) for the model's states of what it has read.");

    private static final ConfigOption<Long> CACHE_MB = key("cache-mb")
            .longType()
            .defaultValue(256L)
            .withDescription("Memory (MiB) for probabilities already computed.");

    private static final ConfigOption<Integer> MAX_BATCH = key("max-batch")
            .intType()
            .defaultValue(128)
            .withDescription("The most contexts in one evaluation of the model.");

    private static final ConfigOption<Long> LINGER_MS = key("linger-ms")
            .longType()
            .defaultValue(0L)
            .withDescription("How long (ms) a request waits for others while its batch is not full.");

    private static final Set<ConfigOption<?>> OF_A_MODEL = Set.of(
            MODEL,
            ADAPTER,
            BOS,
            DEVICE,
            THREADS,
            MAX_CONTEXT_SIZE,
            CONTEXT_STRIDE,
            PRECISION,
            STATE_PRECISION,
            STATE_CACHE_MB,
            CACHE_MB,
            MAX_BATCH,
            LINGER_MS);

    private ModelOptions() {}

    static Set<ConfigOption<?>> all() {
        return OF_A_MODEL;
    }

    /** @throws org.apache.flink.table.api.ValidationException if a value is out of its range, or two do not go together */
    static JobModel read(GivenOptions given) {
        RemoteSettings remote = ServiceEndpointOptions.read(given);
        if (remote != null) {
            given.refuseAll(
                    OF_A_MODEL,
                    "is decided where bytelm serve was started if there is 'service'; leave out one of them");
            return new RemoteModel(remote);
        }
        return new ModelSettings(
                directory(given, MODEL), directory(given, ADAPTER), engine(given), service(given), given.orNull(BOS));
    }

    /**
     * What is at the place that the options name.
     *
     * @throws ValidationException if it cannot be found from this machine, or is no model
     */
    static KnownModel look(GivenOptions given, JobModel model) {
        try {
            return model.look();
        } catch (UserException e) {
            ConfigOption<?> option = given.has(ServiceEndpointOptions.SERVICE) ? ServiceEndpointOptions.SERVICE : MODEL;
            throw new ValidationException("option '" + option.key() + "': " + e.getMessage());
        }
    }

    private static @Nullable String directory(GivenOptions given, ConfigOption<String> option) {
        String typed = given.orNull(option);
        if (typed != null && typed.isBlank()) {
            throw GivenOptions.refused(option, "is empty; name a directory, or leave it out");
        }
        return typed;
    }

    private static EngineSettings engine(GivenOptions given) {
        return new EngineSettings(
                device(given),
                given.atLeast(THREADS, 0),
                given.atLeast(MAX_CONTEXT_SIZE, 0),
                given.atLeast(CONTEXT_STRIDE, 0),
                bytes(given, STATE_CACHE_MB),
                given.choice(PRECISION, Precision.class),
                given.choice(STATE_PRECISION, StatePrecision.class));
    }

    private static String device(GivenOptions given) {
        String device = given.get(DEVICE);
        if (!device.matches("cpu|gpu\\d{1,3}")) {
            throw GivenOptions.refused(DEVICE, "is cpu, gpu0, gpu1, ..., not '" + device + "'");
        }
        return device;
    }

    private static ServiceSettings service(GivenOptions given) {
        return new ServiceSettings(
                given.atLeast(MAX_BATCH, 1),
                given.atLeast(LINGER_MS, 0L),
                bytes(given, CACHE_MB),
                ServiceSettings.defaults().walkThreads());
    }

    private static long bytes(GivenOptions given, ConfigOption<Long> mebibytes) {
        return given.within(mebibytes, 0L, MOST_MEBIBYTES) << MEBIBYTE_SHIFT;
    }
}
