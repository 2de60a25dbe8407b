package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.AdapterTensors.Part;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds, module by module, which tensors of a model an adapter changes, and checks that it fits them. */
final class AdapterFitting {
    private final AdapterConfig config;
    private final AdapterModules modules;
    private final SafetensorsFile file;
    private final Set<String> transposed;
    private final Map<String, StoredTensor> inPlace = new HashMap<>();
    private final Map<String, StoredTensor> copies = new HashMap<>();
    private final Map<String, TensorChange> changes = new TreeMap<>();
    private final Set<String> ignored = new TreeSet<>();

    AdapterFitting(AdapterConfig config, AdapterModules modules, SafetensorsFile file) {
        this.config = config;
        this.modules = modules;
        this.file = file;
        this.transposed = modules.transposed();
    }

    Adapter fitted() {
        AdapterTensors.of(file).ofModules().forEach(this::module);
        return new Adapter(file, inPlace, copies, changes, ignored);
    }

    private void module(String module, Map<Part, StoredTensor> parts) {
        String stored = modules.stored(module);
        StoredTensor any = parts.values().iterator().next();
        if (stored == null) {
            if (!modules.isIgnored(module)) {
                throw misfit(any, "changes '" + module + "', which this model does not have");
            }
            ignored.add(module);
            return;
        }
        TensorChange weight = change(module, stored, parts);
        if (!weight.equals(TensorChange.NONE)) {
            changes.put(stored + ".weight", weight);
        }
        replace(module, stored + ".weight", parts.get(Part.WEIGHT));
        replace(module, stored + ".bias", parts.get(Part.BIAS));
        StoredTensor bias = parts.get(Part.B_BIAS);
        if (bias != null) {
            requireShape(bias, stored + ".bias", modules.tensors().get(stored + ".bias"));
            changes.put(
                    stored + ".bias", TensorChange.NONE.with(new TensorChange.AddedBias(bias, config.scale(module))));
        }
    }

    private TensorChange change(String module, String stored, Map<Part, StoredTensor> parts) {
        boolean embedded = parts.containsKey(Part.EMBEDDING_A) || parts.containsKey(Part.EMBEDDING_B);
        StoredTensor a = parts.get(embedded ? Part.EMBEDDING_A : Part.A);
        StoredTensor b = parts.get(embedded ? Part.EMBEDDING_B : Part.B);
        TensorChange change = TensorChange.NONE;
        if (a != null && b != null) {
            requireMatrix(a);
            requireMatrix(b);
            boolean turned = embedded || transposed.contains(stored);
            LowRank lowRank = new LowRank(a, b, config.scale(module), parts.get(Part.MAGNITUDES), turned);
            check(module, stored, lowRank);
            change = change.with(lowRank);
        } else if (a != null || b != null || parts.containsKey(Part.MAGNITUDES)) {
            throw misfit(parts.values().iterator().next(), "is one of a pair, lora_A and lora_B, without the other");
        }
        StoredTensor rows = parts.get(Part.TOKENS);
        return rows == null ? change : withRows(change, module, stored, rows);
    }

    private void requireMatrix(StoredTensor half) {
        if (half.shape().length != 2) {
            throw misfit(
                    half,
                    "has shape " + Arrays.toString(half.shape())
                            + ", not that of a matrix: it may be a part of one that was not gathered when it was saved");
        }
    }

    private void check(String module, String stored, LowRank change) {
        StoredTensor weight = modules.weight(stored);
        long rows = change.transposed() ? change.inputs() : change.outputs();
        long columns = change.transposed() ? change.outputs() : change.inputs();
        if (weight == null || !Arrays.equals(weight.shape(), new long[] {rows, columns})) {
            throw misfit(
                    change.b(),
                    "of shape " + Arrays.toString(change.b().shape()) + " does not fit the model's '" + stored
                            + ".weight' of shape " + (weight == null ? "none" : Arrays.toString(weight.shape())));
        }
        if (change.b().shape()[1] != change.rank() || config.rank(module) != change.rank()) {
            throw misfit(
                    change.b(),
                    "has rank " + change.b().shape()[1] + " and its other half " + change.rank() + ", but "
                            + ModelLocation.ADAPTER_CONFIG + " says " + config.rank(module));
        }
        StoredTensor magnitudes = change.magnitudes();
        if (config.isDora() != (magnitudes != null)) {
            throw misfit(
                    change.b(),
                    (config.isDora() ? "has no" : "has a") + " lora_magnitude_vector beside it, but 'use_dora' is "
                            + config.isDora());
        }
        if (magnitudes != null && magnitudes.elements() != change.outputs()) {
            throw misfit(magnitudes, "does not have " + change.outputs() + " values, one for each output");
        }
    }

    private TensorChange withRows(TensorChange change, String module, String stored, StoredTensor rows) {
        int[] ids = config.tokenIds(module);
        StoredTensor weight = modules.weight(stored);
        boolean fits = weight != null
                && weight.shape().length == 2
                && Arrays.equals(rows.shape(), new long[] {ids.length, weight.shape()[1]})
                && Arrays.stream(ids).allMatch(id -> id >= 0 && id < weight.shape()[0]);
        if (!fits || change.lowRank() != null) {
            throw misfit(
                    rows,
                    "of shape " + Arrays.toString(rows.shape()) + " does not fit the " + ids.length
                            + " tokens of 'trainable_token_indices' and the model's '" + stored + ".weight'");
        }
        TensorChange changed = change.with(new TensorChange.TokenRows(rows, ids));
        String head = modules.model().head(modules.tensors()::containsKey);
        if (modules.tied() && (stored + ".weight").equals(modules.embedding())) {
            TensorChange own = changes.putIfAbsent(head + ".weight", changed); // heads come first in the order of names
            if (own != null && own.lowRank() != null) {
                throw misfit(rows, "changes the output layer '" + head + "' too, which is changed otherwise");
            }
        }
        return changed;
    }

    private void replace(String module, String name, @Nullable StoredTensor replacement) {
        if (replacement == null) {
            return;
        }
        StoredTensor own = name.endsWith(".weight")
                ? modules.weight(name.substring(0, name.length() - ".weight".length()))
                : modules.tensors().get(name);
        requireShape(replacement, name, own);
        (config.isSaved(module) ? copies : inPlace).put(name, replacement);
    }

    private void requireShape(StoredTensor tensor, String name, @Nullable StoredTensor own) {
        if (own == null) {
            throw misfit(tensor, "changes '" + name + "', which this model does not have");
        }
        if (!Arrays.equals(tensor.shape(), own.shape())) {
            throw misfit(
                    tensor,
                    "has shape " + Arrays.toString(tensor.shape()) + ", but the model's '" + name + "' "
                            + Arrays.toString(own.shape()));
        }
    }

    private ModelException misfit(StoredTensor tensor, String complaint) {
        return new ModelException(tensor.file() + ": tensor '" + tensor.name() + "' " + complaint
                + "; the adapter was trained on " + config.base() + ": give that model");
    }
}
