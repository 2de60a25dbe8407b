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

/**
 * The states of cached tokens, one slot a token: per layer keys and values, {@code [slots, 2 * keyValueHeads * headDim]},
 * and the state after the last layer, {@code [slots, hidden]}. What a layer keeps of a token lies together, all heads' keys
 * and then their values, so that gathering a slot is one copy instead of one a head; a layer that is a delta net keeps what
 * {@link DeltaNetScript} says instead. A model whose attention compares
 * positions keeps those too, {@code [slots, 1]}, after the last layer's. On the CPU, memory of slots that were never used is not
 * resident.
 */
final class KeyValueStore implements AutoCloseable {
    final IValue keysAndValues;
    final IValue finalStates;

    KeyValueStore(NDManager manager, ModelConfig config, int slots) {
        List<NDArray> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(manager.create(new Shape(slots, width(config, layer)), DataType.FLOAT32));
        }
        if (config.attention().comparesPositions()) {
            layers.add(manager.create(new Shape(slots, 1), DataType.FLOAT32));
        }
        keysAndValues = TorchModule.values(layers);
        finalStates = TorchModule.value(manager.create(new Shape(slots, config.hiddenSize()), DataType.FLOAT32));
    }

    /** Memory for one token: its states, and its place in the {@link PrefixCache}. */
    static long bytesPerSlot(ModelConfig config) {
        long numbers = config.hiddenSize();
        for (int layer = 0; layer < config.layers(); layer++) {
            numbers += width(config, layer);
        }
        long states = Float.BYTES * numbers;
        return states + (config.attention().comparesPositions() ? 4 : 0) + PrefixCache.BYTES_PER_TOKEN;
    }

    /** How many numbers a layer keeps of a token. */
    private static long width(ModelConfig config, int layer) {
        DeltaNet net = config.attention().deltaNet();
        return net != null && net.layers().get(layer)
                ? DeltaNetScript.slotWidth(net)
                : 2L * config.keyValueHeads() * config.headDim();
    }

    @Override
    public void close() {
        keysAndValues.close();
        finalStates.close();
    }
}
