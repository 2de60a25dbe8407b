package io.bytelm.lm.checkpoint;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an adapter calls a module among a checkpoint's tensors. Other versions of transformers may have trained the
 * one than wrote the other, so what stands before a family's names may differ.
 *
 * @param tensors of the model, by name
 */
record AdapterModules(StoredModel model, Map<String, StoredTensor> tensors, boolean tied) {
    /** The name of a module's tensors in the checkpoint, without {@code .weight}; null if it has none. */
    @Nullable
    String stored(String module) {
        if (tensors.containsKey(module + ".weight") || tensors.containsKey(module + ".bias")) {
            return module;
        }
        if (model.heads().contains(module)) {
            String head = model.head(tensors::containsKey);
            return tied || tensors.containsKey(head + ".weight") ? head : null;
        }
        String prefix = model.prefix(tensors::containsKey);
        return model.prefixes().stream()
                .filter(module::startsWith)
                .map(other -> prefix + module.substring(other.length()))
                .filter(name -> tensors.containsKey(name + ".weight") || tensors.containsKey(name + ".bias"))
                .findFirst()
                .orElse(null);
    }

    /** Whether no probability depends on a module. */
    boolean isIgnored(String module) {
        return model.ignored().stream()
                .anyMatch(pattern -> pattern.matcher(module + ".weight").matches());
    }

    /** A module's matrix; an output layer that is not stored has the embedding's. Null if there is none. */
    @Nullable
    StoredTensor weight(String stored) {
        StoredTensor own = tensors.get(stored + ".weight");
        return own == null && isHead(stored) ? tensors.get(embedding()) : own;
    }

    boolean isHead(String stored) {
        return model.heads().contains(stored);
    }

    /** The name of the embedding's tensor. */
    String embedding() {
        return model.prefix(tensors::containsKey) + model.embedding();
    }

    /** The names of modules whose matrices are stored {@code [inputs, outputs]}. */
    Set<String> transposed() {
        String prefix = model.prefix(tensors::containsKey);
        Set<String> names = new HashSet<>();
        model.layers().stream()
                .flatMap(layer -> layer.linears().stream())
                .filter(StoredLinear::transposed)
                .flatMap(linear -> linear.parts().stream())
                .forEach(part -> names.add(prefix + part.name()));
        return names;
    }
}
