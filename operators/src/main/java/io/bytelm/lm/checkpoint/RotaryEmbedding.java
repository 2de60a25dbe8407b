package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;

/**
 * Rotary position embeddings (Su et al., 2021): dimension pair {@code i} of a head turns by {@code position *
 * inverseFrequency[i]}. The frequencies are float32, as in Hugging Face's implementation, so that far positions see the
 * angles that the model was trained with.
 *
 * @param theta the base of the frequencies
 * @param scaling how a model that was trained on short contexts is stretched to long ones
 */
public record RotaryEmbedding(double theta, Scaling scaling) {
    /** Maps the frequency of one dimension pair. */
    public sealed interface Scaling {
        double scale(double frequency);
    }

    /** No scaling. */
    public record Unscaled() implements Scaling {
        @Override
        public double scale(double frequency) {
            return frequency;
        }
    }

    /** Positions divided by a factor. */
    public record Linear(double factor) implements Scaling {
        @Override
        public double scale(double frequency) {
            return frequency / factor;
        }
    }

    /** Llama 3.1's: slow turns are divided by the factor, fast ones kept, those between blended. */
    public record Llama3(double factor, double lowFactor, double highFactor, double originalTokens) implements Scaling {
        @Override
        public double scale(double frequency) {
            double turns = originalTokens * frequency / (2 * Math.PI);
            if (turns <= lowFactor) {
                return frequency / factor;
            }
            if (turns >= highFactor) {
                return frequency;
            }
            double kept = (turns - lowFactor) / (highFactor - lowFactor);
            return (1 - kept) * frequency / factor + kept * frequency;
        }
    }

    /** Reads {@code rope_theta} and {@code rope_scaling}, or both from the newer {@code rope_parameters}. */
    static RotaryEmbedding read(ConfigFile config) {
        ConfigFile rope =
                config.has("rope_parameters") ? config.object("rope_parameters") : config.object("rope_scaling");
        double theta = rope.positiveNumber("rope_theta", config.positiveNumber("rope_theta", 10_000.0));
        String type = rope.text("rope_type", rope.text("type", "default"));
        Scaling scaling = switch (type) {
            case "default" -> new Unscaled();
            case "linear" -> new Linear(rope.positiveNumber("factor"));
            case "llama3" ->
                new Llama3(
                        rope.positiveNumber("factor"),
                        rope.positiveNumber("low_freq_factor"),
                        rope.positiveNumber("high_freq_factor"),
                        rope.positiveNumber("original_max_position_embeddings"));
            default ->
                throw new ModelException(
                        config.path() + ": rope scaling '" + type + "' is not supported; supported: linear, llama3");
        };
        return new RotaryEmbedding(theta, scaling);
    }

    /** {@code [headDim / 2]}: radians per position. */
    public float[] inverseFrequencies(int headDim) {
        float[] frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double unscaled = (float) (1.0 / Math.pow(theta, 2.0 * i / headDim));
            frequencies[i] = (float) scaling.scale(unscaled);
        }
        return frequencies;
    }
}
