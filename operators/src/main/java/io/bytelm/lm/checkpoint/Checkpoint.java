package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a Hugging Face model directory: {@code model.safetensors}, or the files that
 * {@code model.safetensors.index.json} lists; and what an adapter changes of them. One thread at a
 * time, but for {@link #readStored}.
 */
public final class Checkpoint implements AutoCloseable {
    private static final int STAGING_BYTES = 8 << 20;

    private final Path directory;
    private final String sizesLeftOut;
    private final Map<Path, SafetensorsFile> files = new LinkedHashMap<>();
    private final Map<String, StoredTensor> tensors = new TreeMap<>();
    private final Map<String, String> unreadable = new TreeMap<>();
    private final Set<String> required = new HashSet<>();
    private final Set<String> changed = new HashSet<>();
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
    private @Nullable Adapter adapter;

    private Checkpoint(Path directory, String sizesLeftOut) {
        this.directory = directory;
        this.sizesLeftOut = sizesLeftOut;
    }

    /**
     * Opens the files and checks that all that they promise lies inside them, and that an adapter fits.
     *
     * @param config of the model that lies there
     * @throws ModelException if a file is missing, truncated or not of the format, or an adapter cannot be merged
     */
    public static Checkpoint open(ModelLocation location, ModelConfig config) {
        Checkpoint checkpoint = new Checkpoint(location.directory(), config.sizesLeftOut());
        try {
            ModelDirectory.weightFiles(location.directory()).forEach(checkpoint::add);
            checkpoint.addPacked();
            Path adapter = location.adapterDirectory();
            if (adapter != null) {
                Adapter opened = Adapter.open(adapter, config, checkpoint.tensors);
                checkpoint.files.put(opened.file().path(), opened.file());
                checkpoint.adapter = opened;
            }
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private void add(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.put(path, file);
        tensors.putAll(file.tensors());
        unreadable.putAll(file.unreadable());
    }

    /** Blocks and scales may lie in different files. */
    private void addPacked() {
        Mxfp4Tensor.among(files.values()).forEach(tensor -> {
            tensors.put(tensor.name(), tensor);
            unreadable
                    .keySet()
                    .removeAll(List.of(tensor.blocks().name(), tensor.scales().name()));
        });
    }

    /** Whether the model or its adapter has such a tensor. */
    public boolean contains(String tensor) {
        return tensors.containsKey(tensor) || isReplaced(tensor);
    }

    /** Whether an adapter brings a tensor of this name that stands for the model's. */
    public boolean isReplaced(String tensor) {
        return adapter != null && (adapter.inPlace().containsKey(tensor) || isCopied(tensor));
    }

    /** Whether a tensor is another one than where it is shared. */
    public boolean isCopied(String tensor) {
        return adapter != null && adapter.copies().containsKey(tensor);
    }

    /** How many values all tensors of the model have together that can be read. */
    public long values() {
        return tensors.values().stream().mapToLong(StoredTensor::elements).sum();
    }

    /** All tensors of the model of a type that can be read, by name. */
    List<StoredTensor> tensors() {
        return List.copyOf(tensors.values());
    }

    /** What is merged into the model's tensors; null for nothing. */
    @Nullable
    Adapter adapter() {
        return adapter;
    }

    /** How an adapter changes a tensor; whoever asks applies it. */
    public TensorChange change(String tensor) {
        changed.add(tensor);
        return adapter == null ? TensorChange.NONE : adapter.changes().getOrDefault(tensor, TensorChange.NONE);
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

    /**
     * A tensor that has to be there, in just this shape, as another place has it that is tied to it.
     *
     * @throws ModelException if it is missing or shaped otherwise
     */
    public StoredTensor requireShared(String name, long... shape) {
        require(name, shape);
        Adapter merged = adapter;
        StoredTensor replaced = merged == null ? null : merged.inPlace().get(name);
        return replaced == null ? checked(tensors.get(name), name) : replaced;
    }

    private StoredTensor require(String name) {
        Adapter merged = adapter;
        StoredTensor own = tensors.get(name);
        StoredTensor replaced = merged == null
                ? null
                : merged.copies().getOrDefault(name, merged.inPlace().get(name));
        required.add(name);
        return checked(replaced == null ? ownOrStacked(own, name) : replaced, name);
    }

    private @Nullable StoredTensor ownOrStacked(@Nullable StoredTensor own, String name) {
        StackedExperts stacked = own == null ? StackedExperts.find(name, tensors) : null;
        if (stacked == null) {
            return own;
        }
        required.add(stacked.whole());
        return stacked.part();
    }

    private StoredTensor checked(@Nullable StoredTensor tensor, String name) {
        if (tensor == null) {
            throw missing(name);
        }
        return tensor;
    }

    private ModelException misshaped(StoredTensor tensor, long... shape) {
        return new ModelException(
                tensor.file() + ": tensor '" + tensor.name() + "': expected shape " + Arrays.toString(shape)
                        + " from config.json, found " + Arrays.toString(tensor.shape()) + sizesLeftOut);
    }

    private ModelException missing(String name) {
        String type = unreadable.get(name);
        if (type != null) {
            return new ModelException(directory + ": tensor '" + name + "' is of type " + type
                    + "; only F32, F16 and BF16 can be read: use an unquantized checkpoint of one of these types");
        }
        return new ModelException(directory + ": the weights have no tensor '" + name + "' of type "
                + (name.endsWith(Mxfp4Tensor.BLOCKS) ? "U8 with scales" : "F32, F16 or BF16")
                + "; config.json and the safetensors files do not belong together" + sizesLeftOut);
    }

    /**
     * Refuses tensors that were never required, and changes that nobody applied: something that the model has and nobody
     * computes.
     *
     * @param ignored names that are known to change nothing
     * @throws ModelException if there are others
     */
    public void refuseUnread(List<Pattern> ignored) {
        refuseUnapplied();
        TreeSet<String> unread = new TreeSet<>(unread());
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

    /** The names of tensors that were never required. */
    List<String> unread() {
        TreeSet<String> unread = new TreeSet<>(tensors.keySet());
        unread.addAll(unreadable.keySet());
        unread.removeAll(required);
        return List.copyOf(unread);
    }

    private void refuseUnapplied() {
        Adapter merged = adapter;
        if (merged == null) {
            return;
        }
        for (String name : merged.changes().keySet()) {
            if (!changed.contains(name)) {
                throw new ModelException(merged.file().path() + ": changes '" + name
                        + "', which this architecture does not use; the adapter belongs to another model");
            }
        }
    }

    /** Reads {@code target.remaining()} elements, from element {@code first} on, as float32. */
    public void read(StoredTensor tensor, long first, FloatBuffer target) {
        if (tensor instanceof Mxfp4Tensor packed) {
            packed.read(this::file, first, target, staging);
        } else if (tensor instanceof PlainTensor plain) {
            file(plain.file()).read(plain, first, target, staging);
        }
    }

    /**
     * Reads numbers as they are stored, from element {@code first} on, until {@code target} is full. Any number of threads at
     * a time.
     *
     * @param tensor of a {@link StoredTensor#type}
     */
    public void readStored(StoredTensor tensor, long first, ByteBuffer target) {
        if (!(tensor instanceof PlainTensor plain)) {
            throw new IllegalArgumentException("its numbers are packed: " + tensor);
        }
        file(plain.file()).read(plain, first, target);
    }

    private SafetensorsFile file(Path path) {
        return Objects.requireNonNull(files.get(path), () -> "not of this checkpoint: " + path);
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
        files.clear();
        tensors.clear();
    }
}
