package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What {@code config.json} says about delta nets, in the keys that Qwen's models share. */
final class DeltaNetConfig {
    private static final String LINEAR = "linear_attention";
    private static final String FULL = "full_attention";

    private DeltaNetConfig() {}

    /** Reads the sizes, and which layers are such nets. */
    static DeltaNet read(ConfigFile config, int layers) {
        config.require("hidden_act", "silu", "silu", "swish"); // the convolution's activation too
        int keyHeads = config.positiveInt("linear_num_key_heads", 16);
        int valueHeads = config.positiveInt("linear_num_value_heads", 32);
        if (valueHeads % keyHeads != 0) {
            throw config.refusal(
                    "linear_num_value_heads",
                    "is " + valueHeads + ", no multiple of the " + keyHeads + " heads of keys");
        }
        return new DeltaNet(
                keyHeads,
                valueHeads,
                config.positiveInt("linear_key_head_dim", 128),
                config.positiveInt("linear_value_head_dim", 128),
                kernel(config),
                layers(config, layers));
    }

    private static int kernel(ConfigFile config) {
        int kernel = config.positiveInt("linear_conv_kernel_dim", 4);
        if (kernel < 2) {
            throw config.refusal(
                    "linear_conv_kernel_dim", "is " + kernel + "; a convolution over one token is not supported");
        }
        return kernel;
    }

    /** Every fourth layer has attention, where the file says nothing else. */
    private static List<Boolean> layers(ConfigFile config, int layers) {
        int interval = config.has("layer_types") ? 1 : config.positiveInt("full_attention_interval", 4);
        config.ignore("full_attention_interval");
        if (!config.has("layer_types")) {
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval != 0)
                    .toList();
        }
        JsonNode types = config.value("layer_types");
        if (types.size() != layers) {
            throw config.refusal(
                    "layer_types", "names " + types.size() + " layers, but 'num_hidden_layers' is " + layers);
        }
        List<Boolean> nets = new ArrayList<>();
        for (JsonNode type : types) {
            if (!type.asText().equals(LINEAR) && !type.asText().equals(FULL)) {
                throw config.refusal("layer_types", "names " + type + "; supported: " + FULL + ", " + LINEAR);
            }
            nets.add(type.asText().equals(LINEAR));
        }
        return nets;
    }
}
