package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The states of cached tokens, one slot a token: per layer keys and values, {@code [keyValueHeads, slots, headDim]}, and
 * the state after the last layer, {@code [slots, hidden]}. On the CPU, memory of slots that were never used is not resident.
 */
final class KeyValueStore implements AutoCloseable {
    final IValue keys;
    final IValue values;
    final IValue finalStates;

    KeyValueStore(NDManager manager, ModelConfig config, int slots) {
        Shape heads = new Shape(config.keyValueHeads(), slots, config.headDim());
        List<NDArray> keyLayers = new ArrayList<>();
        List<NDArray> valueLayers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            keyLayers.add(manager.create(heads, DataType.FLOAT32));
            valueLayers.add(manager.create(heads, DataType.FLOAT32));
        }
        keys = TorchModule.values(keyLayers);
        values = TorchModule.values(valueLayers);
        finalStates = TorchModule.value(manager.create(new Shape(slots, config.hiddenSize()), DataType.FLOAT32));
    }

    /** Memory for one token. */
    static long bytesPerSlot(ModelConfig config) {
        return 4L * (2L * config.layers() * config.keyValueHeads() * config.headDim() + config.hiddenSize());
    }

    @Override
    public void close() {
        keys.close();
        values.close();
        finalStates.close();
    }
}
