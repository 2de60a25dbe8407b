package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;

/** What {@code config.json} says about packed weights. */
final class Quantization {
    private static final String KEY = "quantization_config";

    private Quantization() {}

    /**
     * Refuses packed weights.
     *
     * @param mxfp4 whether the family's may be in MXFP4
     * @throws ModelException if they are packed otherwise
     */
    static void check(ConfigFile config, boolean mxfp4) {
        for (String key : new String[] {KEY, "compression_config"}) {
            if (config.has(key) && !(mxfp4 && key.equals(KEY) && isMxfp4(config))) {
                String method = config.object(key).text("quant_method", "unknown");
                throw config.refusal(
                        key,
                        "says that the weights are quantized (method '" + method + "'), which is not supported; use"
                                + " the model's unquantized checkpoint");
            }
        }
    }

    /** Whether the experts' matrices are in MXFP4. Which other modules are not shows in the tensors. */
    static boolean isMxfp4(ConfigFile config) {
        ConfigFile quantization = config.object(KEY);
        quantization.ignore("modules_to_not_convert");
        return quantization.text("quant_method", "").equals("mxfp4");
    }
}
