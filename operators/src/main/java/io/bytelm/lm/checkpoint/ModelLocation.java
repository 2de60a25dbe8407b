package io.bytelm.lm.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a model lies.
 *
 * @param directory a Hugging Face model directory: {@code config.json} and safetensors
 * @param adapter a directory with a LoRA adapter, in peft's format, that is merged into the weights; null for none but the
 *     one that may lie in the model's own directory
 */
public record ModelLocation(Path directory, @Nullable Path adapter) {
    static final String ADAPTER_CONFIG = "adapter_config.json";

    /** A model directory, with the adapter that may lie in it. */
    public static ModelLocation of(Path directory) {
        return new ModelLocation(directory, null);
    }

    /**
     * The directory of the adapter to merge, the given one or the model's own; null if there is none.
     *
     * @throws io.bytelm.lm.ModelException if there are two
     */
    public @Nullable Path adapterDirectory() {
        if (!Files.exists(directory.resolve(ADAPTER_CONFIG))) {
            return adapter;
        }
        if (adapter != null
                && !adapter.toAbsolutePath()
                        .normalize()
                        .equals(directory.toAbsolutePath().normalize())) {
            throw new io.bytelm.lm.ModelException(adapter + ": cannot be merged, since an adapter lies in " + directory
                    + " already (" + ADAPTER_CONFIG + "); remove that one, or give a directory without one");
        }
        return directory;
    }

    @Override
    public String toString() {
        return adapter == null ? directory.toString() : directory + " with the adapter " + adapter;
    }
}
