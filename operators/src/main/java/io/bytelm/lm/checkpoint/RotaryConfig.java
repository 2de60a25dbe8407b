package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.lm.checkpoint.RotaryScaling.LongRope;
import io.bytelm.lm.checkpoint.RotaryScaling.Yarn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What {@code config.json} says about rotary embeddings: {@code rope_parameters} (transformers 5), one for all layers or one
 * for each kind of layer; or {@code rope_theta}, {@code partial_rotary_factor} and {@code rope_scaling} beside each other.
 * Both at once are accepted only where they agree. Source: transformers' {@code modeling_rope_utils.py}.
 *
 * @param thetaKey the older key of the base
 * @param shareKey the older key of the share of dimensions that turn
 * @param defaultTheta where no base is given
 * @param defaultShare where no share is given; empty for a family whose heads turn as a whole
 */
record RotaryConfig(
        ConfigFile config, String thetaKey, String shareKey, double defaultTheta, OptionalDouble defaultShare) {
    private static final String SHARE = "partial_rotary_factor";
    private static final OptionalDouble WHOLE = OptionalDouble.empty();
    private static final String PARAMETERS = "rope_parameters";
    private static final String SCALING = "rope_scaling";

    /** Of a family whose heads turn as a whole. */
    static RotaryConfig whole(ConfigFile config, double defaultTheta) {
        return whole(config, "rope_theta", defaultTheta);
    }

    private static RotaryConfig whole(ConfigFile config, String thetaKey, double defaultTheta) {
        return new RotaryConfig(config, thetaKey, SHARE, defaultTheta, WHOLE);
    }

    /** Of a family whose heads may turn in part. */
    static RotaryConfig partial(ConfigFile config, double defaultShare) {
        return new RotaryConfig(config, "rope_theta", SHARE, 10_000, OptionalDouble.of(defaultShare));
    }

    /** The embedding of all layers. */
    RotaryEmbedding read(Shape shape) {
        return read(shape, agreed(shape));
    }

    /** Whether {@code rope_parameters} has one embedding for each kind of layer. */
    boolean isByLayerKind() {
        return config.object(PARAMETERS).json().path("full_attention").isObject();
    }

    /** The embedding of one kind of layer, such as {@code full_attention}, from {@code rope_parameters}. */
    RotaryEmbedding read(Shape shape, String layerKind) {
        ConfigFile parameters = config.object(PARAMETERS);
        if (config.has(SCALING)) {
            throw contradiction(parameters.json(), config.value(SCALING));
        }
        ConfigFile ofKind = parameters.object(layerKind);
        ofKind.positiveNumber("rope_theta"); // which of the older keys stands in for it differs from family to family
        if (!ofKind.flag("truncate", true)) {
            throw ofKind.refusal("truncate", "is false, which transformers does not read here");
        }
        return read(shape, ofKind);
    }

    /** Refuses parameters that transformers would not read where there is a rotary embedding for each kind of layer. */
    void requireByLayerKind() {
        JsonNode parameters = config.value(PARAMETERS);
        if (!isByLayerKind() && !parameters.isMissingNode() && !parameters.isNull() && !parameters.isEmpty()) {
            throw config.refusal(
                    PARAMETERS, "is " + parameters + "; give one for 'full_attention' and one for 'sliding_attention'");
        }
        ConfigFile scaling = config.object(SCALING);
        if (!scaling.json().isEmpty() && !scaling.has("rope_type")) {
            throw config.refusal(SCALING, "is " + scaling.json() + ", without the key 'rope_type'");
        }
    }

    /** The parameters that hold, checked against those that are given a second time. */
    private ConfigFile agreed(Shape shape) {
        ConfigFile scaling = config.object(SCALING);
        ConfigFile parameters = config.object(PARAMETERS);
        if (!config.has(PARAMETERS)) {
            return scaling;
        }
        if (config.has(SCALING) && differs(scaling, parameters)) {
            throw contradiction(parameters.json(), scaling.json());
        }
        checkSameNumber(parameters, "rope_theta", thetaKey);
        checkSameNumber(parameters, SHARE, shareKey);
        if (!scaling.json().isEmpty() && !read(shape, scaling).equals(read(shape, parameters))) {
            throw contradiction(parameters.json(), scaling.json());
        }
        return parameters;
    }

    /** Whether the older object says something that the newer one does not. */
    private static boolean differs(ConfigFile scaling, ConfigFile parameters) {
        return scaling.json().properties().stream().anyMatch(entry -> {
            String key = entry.getKey().equals("type") ? "rope_type" : entry.getKey();
            JsonNode other = parameters.value(key);
            scaling.value(entry.getKey());
            boolean sameNumber =
                    other.isNumber() && other.doubleValue() == entry.getValue().asDouble(Double.NaN);
            return !sameNumber && !other.equals(entry.getValue());
        });
    }

    private RuntimeException contradiction(JsonNode parameters, JsonNode scaling) {
        return config.refusal("'" + PARAMETERS + "' is " + parameters + ", but '" + SCALING + "' is " + scaling
                + "; keep the one that the model was trained with");
    }

    private void checkSameNumber(ConfigFile parameters, String key, String olderKey) {
        if (parameters.has(key) && config.has(olderKey)) {
            JsonNode newer = parameters.value(key);
            JsonNode older = config.value(olderKey);
            if (newer.asDouble() != older.asDouble(Double.NaN)) {
                throw config.refusal("'" + PARAMETERS + "." + key + "' is " + newer + ", but '" + olderKey + "' is "
                        + older + "; keep the one that the model was trained with");
            }
        }
    }

    private RotaryEmbedding read(Shape shape, ConfigFile rope) {
        double theta = rope.positiveNumber("rope_theta", config.positiveNumber(thetaKey, defaultTheta));
        return embedding(shape, rope, theta, dimensions(shape, rope));
    }

    /** How many of a head's dimensions turn. */
    private int dimensions(Shape shape, ConfigFile rope) {
        double ifAbsent = defaultShare.orElse(1);
        double share = rope.positiveNumber(SHARE, config.positiveNumber(shareKey, ifAbsent));
        if (defaultShare.isEmpty() && share != 1) {
            throw shareRefusal(rope, "is " + share + ", but heads of this architecture turn as a whole");
        }
        int dimensions = (int) (shape.headDim() * share);
        if (share > 1 || dimensions < 2 || dimensions % 2 != 0) {
            throw shareRefusal(
                    rope,
                    "is " + share + ", which lets " + dimensions + " of a head's " + shape.headDim()
                            + " dimensions ('head_dim', or 'hidden_size' by 'num_attention_heads') turn; it must be an even"
                            + " number of them");
        }
        return dimensions;
    }

    private RuntimeException shareRefusal(ConfigFile rope, String complaint) {
        return rope.has(SHARE) ? rope.refusal(SHARE, complaint) : config.refusal(shareKey, complaint);
    }

    RotaryEmbedding embedding(Shape shape, ConfigFile rope, double theta, int dimensions) {
        String type = type(rope);
        return new RotaryEmbedding(theta, dimensions, scaling(shape, rope, type, theta, dimensions));
    }

    private static String type(ConfigFile rope) {
        return rope.text("rope_type", rope.text("type", "default"));
    }

    private RotaryScaling scaling(Shape shape, ConfigFile rope, String type, double theta, int dimensions) {
        return switch (type) {
            case "default" -> unscaled(rope);
            case "linear" -> new RotaryScaling.Linear(rope.positiveNumber("factor"));
            case "dynamic" -> {
                // Its frequencies change beyond max_position_embeddings only, and no context is longer.
                rope.positiveNumber("factor");
                rope.has("original_max_position_embeddings");
                yield new RotaryScaling.Unscaled();
            }
            case "llama3" ->
                new RotaryScaling.Llama3(
                        rope.positiveNumber("factor"),
                        rope.positiveNumber("low_freq_factor"),
                        rope.positiveNumber("high_freq_factor"),
                        originalTokens(shape, rope));
            case "yarn" -> yarn(shape, rope, theta, dimensions);
            case "longrope", "su" -> longRope(shape, rope, dimensions);
            default ->
                throw rope.refusal(
                        rope.has("rope_type") ? "rope_type" : "type",
                        "is '" + type + "'; supported: default, linear, dynamic, llama3, yarn, longrope");
        };
    }

    /** Some configurations keep the length that the default has no use for. */
    private static RotaryScaling unscaled(ConfigFile rope) {
        rope.has("original_max_position_embeddings");
        return new RotaryScaling.Unscaled();
    }

    private double originalTokens(Shape shape, ConfigFile rope) {
        double ofScaling = rope.positiveNumber("original_max_position_embeddings", shape.maxPositions());
        return config.positiveNumber("original_max_position_embeddings", ofScaling);
    }

    private RotaryScaling yarn(Shape shape, ConfigFile rope, double theta, int dimensions) {
        double original = originalTokens(shape, rope);
        double factor = rope.json().has("factor")
                ? rope.positiveNumber("factor", shape.maxPositions() / original)
                : rope.positiveNumber("factor");
        double low = pairOfTurns(rope.positiveNumber("beta_fast", 32), original, theta, dimensions);
        double high = pairOfTurns(rope.positiveNumber("beta_slow", 1), original, theta, dimensions);
        if (rope.flag("truncate", true)) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, dimensions - 1.0);
        return new Yarn(factor, low, high == low ? high + 0.001 : high, yarnAmplitude(rope, factor));
    }

    private static double yarnAmplitude(ConfigFile rope, double factor) {
        double amplitude = attention(factor, 1);
        if (rope.has("mscale") && rope.has("mscale_all_dim")) {
            amplitude = attention(factor, rope.positiveNumber("mscale"))
                    / attention(factor, rope.positiveNumber("mscale_all_dim"));
        }
        return rope.positiveNumber("attention_factor", amplitude);
    }

    private static double attention(double factor, double multiplier) {
        return factor <= 1 ? 1 : 0.1 * multiplier * Math.log(factor) + 1;
    }

    /** The pair, counted with fractions, that turns so many times over the original context. */
    private static double pairOfTurns(double turns, double originalTokens, double theta, int dimensions) {
        return dimensions * Math.log(originalTokens / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private RotaryScaling longRope(Shape shape, ConfigFile rope, int dimensions) {
        double original = originalTokens(shape, rope);
        double factor = rope.positiveNumber("factor", shape.maxPositions() / original);
        double amplitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        List<Double> shortFactors = factors(rope, "short_factor", dimensions);
        factors(rope, "long_factor", dimensions);
        return new LongRope(shortFactors, rope.positiveNumber("attention_factor", amplitude));
    }

    private List<Double> factors(ConfigFile rope, String key, int dimensions) {
        List<Double> factors = new ArrayList<>();
        for (double factor : rope.positiveNumbers(key)) {
            factors.add(factor);
        }
        if (factors.size() != dimensions / 2) {
            throw rope.refusal(
                    key,
                    "has " + factors.size() + " factors, expected one for each of the " + dimensions / 2
                            + " pairs that turn");
        }
        return factors;
    }

    /**
     * The longest context whose frequencies are the same for all of its tokens: LongRoPE has others for longer contexts,
     * so that no cached state could be used on the way there.
     */
    int maxPositions(Shape shape) {
        ConfigFile rope = config.has(PARAMETERS) ? config.object(PARAMETERS) : config.object(SCALING);
        String type = type(rope);
        boolean isLongRope = type.equals("longrope") || type.equals("su");
        return isLongRope ? (int) Math.min(shape.maxPositions(), originalTokens(shape, rope)) : shape.maxPositions();
    }
}
