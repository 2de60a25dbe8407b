package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tensors of an adapter by the module that they change, and by what they are of it. Source: the names that peft gives. */
record AdapterTensors(Map<String, Map<Part, StoredTensor>> ofModules) {
    private static final String PREFIX = "base_model.model.";
    private static final String WRAPPED = ".base_layer";

    /** What a tensor is, by the end of its name. */
    enum Part {
        /** {@code [rank, inputs]}. */
        A(".lora_A.weight"),
        /** {@code [outputs, rank]}. */
        B(".lora_B.weight"),
        B_BIAS(".lora_B.bias"),
        /** {@code [rank, ids]}. */
        EMBEDDING_A(".lora_embedding_A"),
        /** {@code [width, rank]}. */
        EMBEDDING_B(".lora_embedding_B"),
        MAGNITUDES(".lora_magnitude_vector"),
        /** {@code [ids, width]}. */
        TOKENS(".token_adapter.trainable_tokens_delta"),
        /** Stands for the module's own. */
        WEIGHT(".weight"),
        /** Stands for the module's own. */
        BIAS(".bias");

        private final String end;

        Part(String end) {
            this.end = end;
        }
    }

    /** @throws ModelException if there is a tensor of another kind, or type */
    static AdapterTensors of(SafetensorsFile file) {
        file.unreadable().forEach((name, type) -> {
            throw new ModelException(file.path() + ": tensor '" + name + "' is of type " + type
                    + "; only F32, F16 and BF16 can be read");
        });
        Map<String, Map<Part, StoredTensor>> ofModules = new TreeMap<>();
        file.tensors().values().forEach(tensor -> {
            String name = tensor.name().startsWith(PREFIX) ? tensor.name().substring(PREFIX.length()) : tensor.name();
            Part part = part(name);
            if (part == null) {
                throw new ModelException(
                        file.path() + ": tensor '" + tensor.name() + "' is of no kind that is known in a"
                                + " LoRA adapter; merge the adapter with peft (merge_and_unload, save_pretrained) and give the"
                                + " result as --model");
            }
            ofModules
                    .computeIfAbsent(module(name, part), module -> new EnumMap<>(Part.class))
                    .put(part, tensor);
        });
        return new AdapterTensors(ofModules);
    }

    private static @Nullable Part part(String name) {
        for (Part part : Part.values()) {
            if (name.endsWith(part.end)) {
                boolean other = part.ordinal() >= Part.WEIGHT.ordinal() && isOfAnotherMethod(name);
                return other ? null : part;
            }
        }
        return null;
    }

    /** Whether a name is of something that was put into a module, and not the module's own. */
    private static boolean isOfAnotherMethod(String name) {
        return name.contains(".lora_") || name.contains("_adapter.") || name.contains("modules_to_save");
    }

    private static String module(String name, Part part) {
        String module = name.substring(0, name.length() - part.end.length());
        return module.endsWith(WRAPPED) ? module.substring(0, module.length() - WRAPPED.length()) : module;
    }
}
