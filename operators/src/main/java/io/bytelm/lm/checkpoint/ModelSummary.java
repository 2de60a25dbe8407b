package io.bytelm.lm.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a model from its configuration and the headers of its weights: that it can be evaluated, and from what.
 *
 * @param architecture the name that {@code config.json} gives
 * @param values how many values the model's tensors have
 * @param storedHead whether the weights hold an output layer, though it is to be tied to the embedding
 * @param ignoredKeys of {@code config.json}: they change no probability
 * @param ignoredTensors no probability depends on them
 * @param adapter what is merged into the weights; null for nothing
 */
public record ModelSummary(
        ModelConfig config,
        String architecture,
        long values,
        boolean storedHead,
        List<String> ignoredKeys,
        List<String> ignoredTensors,
        @Nullable MergedAdapter adapter) {
    /**
     * An adapter that is merged.
     *
     * @param directory where it lies
     * @param base the model that it says it was trained on
     * @param values how many values its tensors have
     * @param changed how many tensors of the model it changes
     * @param ignored modules that it changes and no probability depends on
     */
    public record MergedAdapter(Path directory, String base, long values, int changed, List<String> ignored) {
        /** Copies the list. */
        public MergedAdapter {
            ignored = List.copyOf(ignored);
        }
    }

    /** Copies the lists. */
    public ModelSummary {
        ignoredKeys = List.copyOf(ignoredKeys);
        ignoredTensors = List.copyOf(ignoredTensors);
    }

    /**
     * Reads no weights.
     *
     * @throws io.bytelm.lm.ModelException if the model cannot be evaluated; one line says why
     */
    public static ModelSummary read(ModelLocation location) {
        Families.Described described = Families.read(location.directory());
        ModelConfig config = described.model();
        try (Checkpoint checkpoint = Checkpoint.open(location, config)) {
            RequiredTensors.check(config, checkpoint);
            StoredModel stored = config.weights();
            String head = stored.head(checkpoint::contains) + ".weight";
            return new ModelSummary(
                    config,
                    described.className(),
                    checkpoint.values(),
                    config.tiedEmbeddings() && checkpoint.contains(head),
                    described.ignoredKeys(),
                    checkpoint.unread(),
                    merged(location, checkpoint.adapter()));
        }
    }

    private static @Nullable MergedAdapter merged(ModelLocation location, @Nullable Adapter adapter) {
        Path directory = location.adapterDirectory();
        if (adapter == null || directory == null) {
            return null;
        }
        TreeSet<String> changed = new TreeSet<>(adapter.changes().keySet());
        changed.addAll(adapter.inPlace().keySet());
        changed.addAll(adapter.copies().keySet());
        long values = adapter.file().tensors().values().stream()
                .mapToLong(StoredTensor::elements)
                .sum();
        return new MergedAdapter(
                directory,
                AdapterConfig.read(directory).base(),
                values,
                changed.size(),
                List.copyOf(adapter.ignored()));
    }
}
