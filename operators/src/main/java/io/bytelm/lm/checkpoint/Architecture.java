package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The families of models that can be read, by the name that {@code config.json} gives in {@code architectures}. */
public enum Architecture {
    LLAMA("LlamaForCausalLM"),
    MISTRAL("MistralForCausalLM"),
    QWEN2("Qwen2ForCausalLM"),
    GPT2("GPT2LMHeadModel");

    private final String className;

    Architecture(String className) {
        this.className = className;
    }

    static Architecture named(ConfigFile config, String className) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.className.equals(className))
                .findFirst()
                .orElseThrow(() -> new ModelException(config.path() + ": unsupported architecture '" + className
                        + "'; supported are "
                        + Arrays.stream(values()).map(a -> a.className).collect(Collectors.joining(", "))));
    }
}
