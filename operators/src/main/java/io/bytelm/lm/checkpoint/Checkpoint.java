package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.lm.ModelException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
    private final Map<String, String> unreadable = new TreeMap<>();
    private final Set<String> required = new HashSet<>();
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
                checkpoint.unreadable.putAll(file.unreadable());
            }
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private static List<Path> weightFiles(Path directory) {
        Path index = directory.resolve(INDEX);
        Path single = directory.resolve(SINGLE_FILE);
        if (Files.exists(single)) {
            return List.of(single);
        }
        if (!Files.exists(index)) {
            throw ModelDirectory.withoutSafetensors(directory, single);
        }
        ConfigFile json = ConfigFile.read(index);
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode file : json.value("weight_map")) {
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
        StoredTensor tensor = require(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw misshaped(tensor, shape);
        }
        return tensor;
    }

    /**
     * A tensor that has to be there, with so many values, in whatever shape.
     *
     * @throws ModelException if it is missing or has more or fewer
     */
    public StoredTensor requireValues(String name, long values) {
        StoredTensor tensor = require(name);
        if (tensor.elements() != values) {
            throw misshaped(tensor, values);
        }
        return tensor;
    }

    private StoredTensor require(String name) {
        SafetensorsFile file = fileOfTensor.get(name);
        StoredTensor tensor = file == null ? null : file.tensors().get(name);
        if (tensor == null) {
            throw missing(name);
        }
        required.add(name);
        return tensor;
    }

    private static ModelException misshaped(StoredTensor tensor, long... shape) {
        return new ModelException(tensor.file() + ": tensor '" + tensor.name() + "': expected shape "
                + Arrays.toString(shape) + " from config.json, found " + Arrays.toString(tensor.shape()));
    }

    private ModelException missing(String name) {
        String type = unreadable.get(name);
        if (type != null) {
            return new ModelException(directory + ": tensor '" + name + "' is of type " + type
                    + "; only F32, F16 and BF16 can be read: use an unquantized checkpoint of one of these types");
        }
        return new ModelException(directory + ": the weights have no tensor '" + name
                + "' of type F32, F16 or BF16; config.json and the safetensors files do not belong together");
    }

    /**
     * Refuses tensors that were never required: something that the model has and nobody computes.
     *
     * @param ignored names that are known to change nothing
     * @throws ModelException if there are others
     */
    public void refuseUnread(List<Pattern> ignored) {
        TreeSet<String> unread = new TreeSet<>(fileOfTensor.keySet());
        unread.addAll(unreadable.keySet());
        unread.removeAll(required);
        unread.removeIf(name ->
                ignored.stream().anyMatch(pattern -> pattern.matcher(name).matches()));
        if (!unread.isEmpty()) {
            String named =
                    unread.stream().limit(3).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
            throw new ModelException(directory + ": the weights have " + unread.size()
                    + " tensors that this architecture does not use, such as " + named
                    + "; 'architectures' in config.json may name another model than this one");
        }
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
