package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.lm.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Recognizes what people give instead of a Hugging Face model directory, and says what to give. */
final class ModelDirectory {
    private ModelDirectory() {}

    /** @throws ModelException if this is something else that is known, named with its remedy */
    static void check(Path directory) {
        if (Files.isRegularFile(directory)) {
            throw new ModelException(directory + ": is a file"
                    + (isGguf(directory) ? " in the GGUF format, which is not read;" : ";")
                    + " --model takes a Hugging Face model directory with config.json and safetensors");
        }
        if (!Files.isDirectory(directory) || Files.exists(directory.resolve("config.json"))) {
            return;
        }
        List<Path> snapshots = entries(directory.resolve("snapshots"));
        if (!snapshots.isEmpty()) {
            throw new ModelException(directory + ": is a cache of snapshots; give one of them: "
                    + snapshots.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        Path adapter = directory.resolve(ModelLocation.ADAPTER_CONFIG);
        if (Files.exists(adapter)) {
            String base = ConfigFile.read(adapter).text("base_model_name_or_path", "its base model");
            throw new ModelException(directory + ": is an adapter of " + base
                    + " alone; give that model as --model, and this directory as --adapter");
        }
        entries(directory).stream().filter(ModelDirectory::isGguf).findFirst().ifPresent(file -> {
            throw new ModelException(file + ": is in the GGUF format, which is not read; --model takes a Hugging Face"
                    + " model directory with config.json and safetensors");
        });
    }

    /**
     * The files of the weights: one, or those that the index lists.
     *
     * @throws ModelException if there is neither
     */
    static List<Path> weightFiles(Path directory) {
        Path index = directory.resolve("model.safetensors.index.json");
        Path single = directory.resolve("model.safetensors");
        if (Files.exists(single)) {
            return List.of(single);
        }
        if (!Files.exists(index)) {
            throw withoutSafetensors(directory, single);
        }
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode file : ConfigFile.read(index).value("weight_map")) {
            names.add(file.asText());
        }
        if (names.isEmpty()) {
            throw new ModelException(index + ": its 'weight_map' lists no file");
        }
        return names.stream().map(directory::resolve).toList();
    }

    private static ModelException withoutSafetensors(Path directory, Path expected) {
        for (Path file : entries(directory)) {
            String name = file.getFileName().toString();
            if (name.startsWith("pytorch_model") && name.endsWith(".bin")) {
                return new ModelException(file + ": pickled weights are not read; write them as safetensors"
                        + " (transformers: from_pretrained, then save_pretrained)");
            }
        }
        return new ModelException(expected + ": no such file; the model directory is incomplete");
    }

    private static boolean isGguf(Path file) {
        return file.getFileName().toString().endsWith(".gguf");
    }

    private static List<Path> entries(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
