package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.lm.ModelException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The weights of a Hugging Face model directory: {@code model.safetensors}, or the files that
 * {@code model.safetensors.index.json} lists. One thread reads.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String SINGLE_FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int STAGING_BYTES = 8 << 20;

    private final Path directory;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, SafetensorsFile> fileOfTensor = new HashMap<>();
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);

    private Checkpoint(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens the files and checks that all that they promise lies inside them.
     *
     * @throws ModelException if a file is missing, truncated or not of the format
     */
    public static Checkpoint open(Path directory) {
        Checkpoint checkpoint = new Checkpoint(directory);
        try {
            for (Path path : weightFiles(directory)) {
                SafetensorsFile file = SafetensorsFile.open(path);
                checkpoint.files.add(file);
                file.tensors().keySet().forEach(name -> checkpoint.fileOfTensor.put(name, file));
            }
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private static List<Path> weightFiles(Path directory) {
        Path index = directory.resolve(INDEX);
        if (Files.exists(directory.resolve(SINGLE_FILE)) || !Files.exists(index)) {
            return List.of(directory.resolve(SINGLE_FILE));
        }
        ConfigFile json = ConfigFile.read(index);
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode file : json.object("weight_map").json()) {
            names.add(file.asText());
        }
        if (names.isEmpty()) {
            throw new ModelException(index + ": its 'weight_map' lists no file");
        }
        return names.stream().map(directory::resolve).toList();
    }

    public boolean contains(String tensor) {
        return fileOfTensor.containsKey(tensor);
    }

    /** How many values all tensors have together that can be read. */
    public long values() {
        return tensors().stream().mapToLong(StoredTensor::elements).sum();
    }

    /** All tensors of a type that can be read, by name. */
    List<StoredTensor> tensors() {
        return files.stream()
                .flatMap(file -> file.tensors().values().stream())
                .filter(tensor -> {
                    SafetensorsFile file = fileOfTensor.get(tensor.name());
                    return file != null && file.tensors().get(tensor.name()) == tensor;
                })
                .sorted(Comparator.comparing(StoredTensor::name))
                .toList();
    }

    /**
     * A tensor that has to be there, in just this shape.
     *
     * @throws ModelException if it is missing or shaped otherwise
     */
    public StoredTensor require(String name, long... shape) {
        SafetensorsFile file = fileOfTensor.get(name);
        StoredTensor tensor = file == null ? null : file.tensors().get(name);
        if (tensor == null) {
            throw new ModelException(directory + ": the weights have no tensor '" + name
                    + "' of type F32, F16 or BF16; config.json and" + " the safetensors files do not belong together");
        }
        if (!java.util.Arrays.equals(tensor.shape(), shape)) {
            throw new ModelException(tensor.file() + ": tensor '" + name + "': expected shape "
                    + java.util.Arrays.toString(shape) + " from config.json, found "
                    + java.util.Arrays.toString(tensor.shape()));
        }
        return tensor;
    }

    /** Reads {@code target.remaining()} elements, from element {@code first} on, as float32. */
    public void read(StoredTensor tensor, long first, FloatBuffer target) {
        SafetensorsFile file = fileOfTensor.get(tensor.name());
        if (file == null) {
            throw new IllegalArgumentException("not of this checkpoint: " + tensor);
        }
        file.read(tensor, first, target, staging);
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
        files.clear();
        fileOfTensor.clear();
    }
}
