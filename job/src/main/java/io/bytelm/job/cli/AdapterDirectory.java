package io.bytelm.job.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an adapter lies that is merged into the model's weights. */
final class AdapterDirectory {
    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            order = 100,
            description =
                    "A LoRA adapter in peft's format (adapter_config.json, adapter_model.safetensors), merged into the"
                            + " model's weights as they are loaded. One that lies in the model's directory needs no option.")
    private @Nullable Path directory;

    /** Null for none. */
    @Nullable
    Path given() {
        return directory;
    }
}
