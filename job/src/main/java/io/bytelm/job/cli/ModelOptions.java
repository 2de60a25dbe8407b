package io.bytelm.job.cli;

import io.bytelm.job.ModelSettings;
import io.bytelm.service.ServiceSettings;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and how it is run. */
final class ModelOptions {
    @Mixin
    private ModelDirectory directory;

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

    /** For one caller that asks for one thing after another. */
    ModelSettings settings() {
        return settings(ServiceSettings.defaults());
    }

    ModelSettings settings(ServiceSettings service) {
        Path given = directory.given();
        return new ModelSettings(
                given == null ? null : given.toString(),
                device,
                threads,
                maxContext,
                service.maxBatch(),
                service.lingerMillis(),
                service.cacheBytes());
    }
}
