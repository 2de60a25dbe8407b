package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A LoRA adapter in peft's format, fitted to a model: what it changes of which tensor. Its sums are those of the model with
 * the adapter in it, as it was trained; an output layer that is tied to the embedding does not change with it, as it would
 * if peft wrote the sum into the matrix that both share. Rows of tokens are the exception, there too.
 *
 * @param file where its tensors lie
 * @param inPlace tensors that stand for the model's, by the model's name
 * @param copies tensors that stand for the model's there, but not where it is tied to another place
 * @param changes of other tensors, by the model's name
 * @param ignored modules that it changes and no probability depends on
 */
record Adapter(
        SafetensorsFile file,
        Map<String, StoredTensor> inPlace,
        Map<String, StoredTensor> copies,
        Map<String, TensorChange> changes,
        Set<String> ignored) {
    static final String WEIGHTS = "adapter_model.safetensors";

    /**
     * Opens an adapter.
     *
     * @param tensors the model's, by name
     * @throws ModelException if there is none, or it does not fit the model, or cannot be merged exactly
     */
    static Adapter open(Path directory, ModelConfig model, Map<String, StoredTensor> tensors) {
        AdapterConfig config = AdapterConfig.read(directory);
        Path weights = directory.resolve(WEIGHTS);
        if (!Files.exists(weights)) {
            throw new ModelException(weights + ": no such file"
                    + (Files.exists(directory.resolve("adapter_model.bin"))
                            ? "; adapter_model.bin is not read: load the adapter with peft and save it again"
                            : ", though " + ModelLocation.ADAPTER_CONFIG
                                    + " lies there; fetch it, or remove that file"));
        }
        SafetensorsFile file = SafetensorsFile.open(weights);
        try {
            AdapterModules modules = new AdapterModules(model.weights(), tensors, model.tiedEmbeddings());
            return new AdapterFitting(config, modules, file).fitted();
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
