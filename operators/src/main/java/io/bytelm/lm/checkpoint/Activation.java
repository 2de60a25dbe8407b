package io.bytelm.lm.checkpoint;

import java.util.Arrays;
import java.util.List;

/** The non-linearity of the feed-forward block, with the names that {@code config.json} has for it. */
public enum Activation {
    SILU("silu", "swish"),
    /** By the error function. */
    GELU("gelu", "gelu_python"),
    /** Approximated by a hyperbolic tangent. */
    GELU_TANH("gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_accurate"),
    RELU("relu"),
    RELU_SQUARED("relu2"),

    /**
     * xIELU (Huang and Schlag, 2024, "Deriving Activation Functions Using Integration"): above zero {@code p x^2 + b x}, below
     * {@code n (exp(min(x, e)) - 1 - x) + b x}, where {@code p} is the softplus of a layer's first number, {@code n} that of
     * its second plus {@code b}, its third, and {@code e} its fourth. No name stands for it, since it needs these numbers.
     */
    XIELU();

    private final List<String> names;

    Activation(String... names) {
        this.names = List.of(names);
    }

    /** @throws io.bytelm.lm.ModelException if the value is none of the names */
    static Activation read(ConfigFile config, String key, String ifAbsent) {
        String name = config.text(key, ifAbsent);
        return Arrays.stream(values())
                .filter(activation -> activation.names.contains(name))
                .findFirst()
                .orElseThrow(() -> config.refusal(
                        key,
                        "is '" + name + "'; supported: "
                                + String.join(
                                        ", ",
                                        Arrays.stream(values())
                                                .flatMap(a -> a.names.stream())
                                                .toList())));
    }
}
