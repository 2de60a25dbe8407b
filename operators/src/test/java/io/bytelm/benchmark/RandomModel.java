package io.bytelm.benchmark;

import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.RandomCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model with random weights, in a directory for temporary files that goes when this is closed, and at the latest with the
 * process: benchmarks are interrupted, and their models are large.
 */
final class RandomModel implements AutoCloseable {
    private final Path directory;
    private final Thread deletion = new Thread(this::delete);

    private RandomModel(Path directory) {
        this.directory = directory;
    }

    /** @param name what the directory's name begins with */
    static RandomModel write(String name, RandomCheckpoint checkpoint, StoredType type) throws IOException {
        RandomModel model = new RandomModel(Files.createTempDirectory(name));
        Runtime.getRuntime().addShutdownHook(model.deletion);
        checkpoint.write(model.directory, type);
        return model;
    }

    DjlModelSettings settings() {
        return DjlModelSettings.of(directory);
    }

    Path weights() {
        return directory.resolve("model.safetensors");
    }

    private void delete() {
        try {
            Files.deleteIfExists(directory.resolve("config.json"));
            Files.deleteIfExists(weights());
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete();
        Runtime.getRuntime().removeShutdownHook(deletion);
    }
}
