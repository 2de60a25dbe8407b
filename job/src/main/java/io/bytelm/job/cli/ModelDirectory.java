package io.bytelm.job.cli;

import io.bytelm.lm.BundledModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the model lies. */
final class ModelDirectory {
    @Option(
            names = "--model",
            paramLabel = "DIR",
            order = 100,
            description =
                    "A Hugging Face model directory: config.json, tokenizer.json, model.safetensors (or its shards)."
                            + " Default: the small English model that comes with the program.")
    private @Nullable Path directory;

    /** Null for the bundled model. */
    @Nullable
    Path given() {
        return directory;
    }

    Path givenOrBundled() {
        return directory == null ? BundledModel.directory() : directory;
    }
}
