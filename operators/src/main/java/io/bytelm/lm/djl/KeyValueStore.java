package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.DeltaNet;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of cached tokens, one slot a token: per layer keys and values, {@code [2 * keyValueHeads, slots, headDim]}, and the
 * state after the last layer, {@code [slots, hidden]}. A head's keys lie together, and so do its values, as products read them,
 * whether slots are gathered or, of a {@link Trunk}, read where they are. A layer that is a delta net keeps what {@link
 * DeltaNetScript} says, {@code [slots, width]}, instead. In int8 a head's step lies behind it, see {@link KeptStates}. A model whose
 * attention compares positions keeps those too, {@code [slots, 1]}, after the last layer's. On the CPU, memory of slots that were
 * never used is not resident.
 */
final class KeyValueStore implements AutoCloseable {
    final IValue keysAndValues;
    final IValue finalStates;

    /** @param module of the script for this model and precision */
    KeyValueStore(NDManager manager, TorchModule module, ModelConfig config, StatePrecision precision, int slots) {
        List<NDArray> layers = new ArrayList<>();
        NDArray last = manager.create(new Shape(slots, config.hiddenSize()), DataType.FLOAT32);
        finalStates = TorchModule.value(last);
        for (int layer = 0; layer < config.layers(); layer++) {
            DeltaNet net = deltaNet(config, layer);
            layers.add(
                    net == null
                            ? byHead(manager, module, config, precision, slots)
                            : manager.create(new Shape(slots, DeltaNetScript.slotWidth(net)), DataType.FLOAT32));
        }
        if (config.attention().comparesPositions()) {
            layers.add(manager.create(new Shape(slots, 1), DataType.FLOAT32));
        }
        keysAndValues = TorchModule.values(layers);
    }

    private NDArray byHead(
            NDManager manager, TorchModule module, ModelConfig config, StatePrecision precision, int slots) {
        int heads = 2 * config.keyValueHeads();
        int width = precision.width(config.headDim());
        if (precision == StatePrecision.FLOAT32) {
            return manager.create(new Shape(heads, slots, width), DataType.FLOAT32);
        }
        try (IValue matrices = IValue.from((long) heads);
                IValue rows = IValue.from((long) slots);
                IValue columns = IValue.from((long) width)) {
            return module.call(manager, "empty_states", finalStates, matrices, rows, columns);
        }
    }

    /** Memory for one token: its states, and its place in the {@link PrefixCache}. */
    static long bytesPerSlot(ModelConfig config, StatePrecision precision) {
        long states = Float.BYTES * (long) config.hiddenSize();
        for (int layer = 0; layer < config.layers(); layer++) {
            states += (long) precision.bytes() * width(config, layer, precision);
        }
        return states + (config.attention().comparesPositions() ? 4 : 0) + PrefixCache.BYTES_PER_TOKEN;
    }

    /** How many numbers a layer keeps of a token; {@link StatePrecision#fits} only float32 where some are delta nets. */
    private static int width(ModelConfig config, int layer, StatePrecision precision) {
        DeltaNet net = deltaNet(config, layer);
        return net == null
                ? 2 * config.keyValueHeads() * precision.width(config.headDim())
                : DeltaNetScript.slotWidth(net);
    }

    /** What a layer is instead of attention; null for attention. */
    private static @Nullable DeltaNet deltaNet(ModelConfig config, int layer) {
        DeltaNet net = config.attention().deltaNet();
        return net != null && net.layers().get(layer) ? net : null;
    }

    @Override
    public void close() {
        keysAndValues.close();
        finalStates.close();
    }
}
