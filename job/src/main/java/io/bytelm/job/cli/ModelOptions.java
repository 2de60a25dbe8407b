package io.bytelm.job.cli;

import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.StatePrecision;
import io.bytelm.service.ServiceSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and how it is run. */
final class ModelOptions {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final long STATE_CACHE_MEBIBYTES = 512;
    private static final long STATE_CACHE_MEBIBYTES_FOR_DOCUMENTS = 2048;

    @Mixin
    private ModelDirectory directory;

    @Mixin
    private AdapterDirectory adapter;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            order = 101,
            defaultValue = "cpu",
            description = "cpu, gpu0, gpu1, ... Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            order = 102,
            defaultValue = "0",
            description = "CPU threads for the model; 0 is one a core. Fewer are faster where cores are busy.")
    private int threads;

    @Option(
            names = "--max-context",
            paramLabel = "TOKENS",
            order = 103,
            defaultValue = "0",
            description = "The most tokens that the model reads back; older ones fall out. 0 is the model's own limit.")
    private int maxContext;

    @Option(
            names = "--context-stride",
            paramLabel = "TOKENS",
            order = 104,
            defaultValue = "0",
            description = "How many of the oldest tokens fall out at once. 1 keeps the most context and reads all of it"
                    + " again for each token beyond; 0 is half of the longest context.")
    private int contextStride;

    @Option(
            names = "--state-cache-mb",
            paramLabel = "MIB",
            order = 105,
            description =
                    "Memory for the model's states of what it has read, taken as it is needed. Default: 2048 where"
                            + " many documents are read at once (bench, likelihood), else 512.")
    private @Nullable Long stateCacheMebibytes;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            order = 106,
            defaultValue = "float32",
            description = "What linear layers are computed in: float32; bfloat16, which takes half the memory and is"
                    + " faster on processors that have it; int8, for CPUs with AMX or VNNI, which takes a quarter; or"
                    + " float16, for GPUs. Default: ${DEFAULT-VALUE}.")
    private Precision precision;

    @Option(
            names = "--state-precision",
            paramLabel = "NAME",
            order = 107,
            defaultValue = "float32",
            description =
                    "What the states in --state-cache-mb are kept in: float32; bfloat16, which holds about twice as"
                            + " many sessions; or int8, about three to four times as many. Both round, and so change results a"
                            + " little. Default: ${DEFAULT-VALUE}.")
    private StatePrecision statePrecision;

    @Option(
            names = "--bos",
            paramLabel = "TOKEN",
            order = 108,
            description = "The token that every context begins with, by name or id. Default: the one that the model's"
                    + " files name, or else its end token.")
    private @Nullable String bos;

    /** For one caller that asks for one thing after another. */
    ModelSettings settings() {
        return settings(ServiceSettings.defaults());
    }

    ModelSettings settings(ServiceSettings service) {
        return settings(service, STATE_CACHE_MEBIBYTES);
    }

    /** For whole documents, many at once, whose states all have to be there. */
    ModelSettings documentSettings(ServiceSettings service) {
        return settings(service, STATE_CACHE_MEBIBYTES_FOR_DOCUMENTS);
    }

    /**
     * Each of several models, with the same settings.
     *
     * @throws UserException if an option is given that belongs to one of them
     */
    List<ModelSettings> each(ServiceSettings service) {
        return each(service, STATE_CACHE_MEBIBYTES);
    }

    /** As {@link #documentSettings}. */
    List<ModelSettings> eachForDocuments(ServiceSettings service) {
        return each(service, STATE_CACHE_MEBIBYTES_FOR_DOCUMENTS);
    }

    /** How many directories were given. */
    int given() {
        return directory.count();
    }

    private List<ModelSettings> each(ServiceSettings service, long defaultStateCacheMebibytes) {
        if (adapter.given() != null || bos != null) {
            throw new UserException((bos != null ? "--bos" : "--adapter")
                    + " belongs to one model, and there are several; leave it out, or serve that model by bytelm serve and"
                    + " name it with --service");
        }
        EngineSettings engine = engine(mebibytes(defaultStateCacheMebibytes));
        List<ModelSettings> each = new ArrayList<>();
        for (Path path : directory.all()) {
            each.add(new ModelSettings(text(path), null, engine, service, null));
        }
        return each;
    }

    private ModelSettings settings(ServiceSettings service, long defaultStateCacheMebibytes) {
        EngineSettings engine = engine(mebibytes(defaultStateCacheMebibytes));
        return new ModelSettings(text(directory.given()), text(adapter.given()), engine, service, bos);
    }

    private long mebibytes(long absent) {
        return stateCacheMebibytes == null ? absent : stateCacheMebibytes;
    }

    private static @Nullable String text(@Nullable Path path) {
        return path == null ? null : path.toString();
    }

    private EngineSettings engine(long cacheMebibytes) {
        requireNotNegative("--threads", threads);
        requireNotNegative("--max-context", maxContext);
        requireNotNegative("--context-stride", contextStride);
        requireNotNegative("--state-cache-mb", cacheMebibytes);
        return new EngineSettings(
                device,
                threads,
                maxContext,
                contextStride,
                cacheMebibytes << MEBIBYTE_SHIFT,
                precision,
                statePrecision);
    }

    private static void requireNotNegative(String option, long value) {
        if (value < 0) {
            throw new UserException(option + " must not be negative, got " + value);
        }
    }
}
