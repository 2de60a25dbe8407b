package io.bytelm.lm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells one model's weights from another's: the first 64 bits of a SHA-256, in hex. It covers what of {@code config.json}
 * changes results and is no tensor's shape; and of every tensor, those of an adapter too, its name, its shape, and values,
 * all of a small one and 16 stretches of 256 spread over a large one. Another training step changes nearly all values, so
 * the samples differ; a single value that was changed by hand can go unnoticed. It takes some milliseconds a gigabyte. The
 * files' names, how the weights are spread over them, and the type they are stored in if it keeps their values, do not
 * count.
 */
public final class CheckpointFingerprint {
    private static final int STRETCHES = 16;
    private static final int STRETCH = 256;
    private static final int BYTES = 8;
    private static final Set<String> AS_EVER = Set.of("Llama", "Mistral", "Qwen2", "GPT2");

    private final MessageDigest digest = sha256();

    private CheckpointFingerprint() {}

    /** @throws io.bytelm.lm.ModelException if the files cannot be read */
    public static String of(Checkpoint checkpoint, ModelConfig config) {
        CheckpointFingerprint fingerprint = new CheckpointFingerprint();
        fingerprint.add(config);
        checkpoint.tensors().forEach(tensor -> fingerprint.add(checkpoint, tensor));
        Adapter adapter = checkpoint.adapter();
        if (adapter != null) {
            fingerprint.add(checkpoint, adapter);
        }
        return HexFormat.of().formatHex(fingerprint.digest.digest(), 0, BYTES);
    }

    private void add(ModelConfig config) {
        add(config.family().toUpperCase(Locale.ROOT));
        add(config.heads() + " " + config.keyValueHeads() + " " + config.headDim());
        add(config.normEpsilon() + " " + config.tiedEmbeddings());
        Attention attention = config.attention();
        for (RotaryEmbedding rotary : attention.rotaries()) {
            add(FloatBuffer.wrap(rotary.inverseFrequencies(config.headDim())));
        }
        if (!isAsEver(config)) {
            add(withoutAbsent(attention + " " + config.feedForward()) + " " + config.layout() + " "
                    + config.embeddingMultiplier() + " " + config.logitSoftCap() + " "
                    + config.weights().finalNorm());
            config.weights().layers().forEach(layer -> add(layer.factors().toString()));
        }
    }

    /** A description without what a model does not have, so that a description that learns to say more says the same of it. */
    private static String withoutAbsent(String described) {
        return described.replaceAll(", \\w+=null", "");
    }

    /**
     * Whether the family's name and the tensors' shapes say all: such a model keeps the fingerprint that it had before
     * descriptions had more to say, and so its savepoints.
     */
    private static boolean isAsEver(ModelConfig config) {
        Attention plain = Attention.full(config.shape(), config.attention().rotaries());
        boolean usual = config.feedForward().activation()
                == (config.family().equals("GPT2") ? Activation.GELU_TANH : Activation.SILU);
        boolean unscaled = config.attention().rotaries().stream()
                .allMatch(rotary -> rotary.scaling().amplitude() == 1);
        return AS_EVER.contains(config.family()) && config.attention().equals(plain) && usual && unscaled;
    }

    private void add(Checkpoint checkpoint, Adapter adapter) {
        add("adapter " + new TreeSet<>(adapter.copies().keySet()));
        adapter.changes().forEach((name, change) -> add(name + " " + numbers(change)));
        adapter.file().tensors().values().stream()
                .sorted(Comparator.comparing(StoredTensor::name))
                .forEach(tensor -> add(checkpoint, tensor));
    }

    /** What a change says beside its tensors. */
    private static String numbers(TensorChange change) {
        LowRank lowRank = change.lowRank();
        TensorChange.TokenRows rows = change.rows();
        TensorChange.AddedBias added = change.added();
        return (lowRank == null ? "" : lowRank.scale() + " ")
                + (rows == null ? "" : Arrays.toString(rows.ids()) + " ")
                + (added == null ? "" : added.scale());
    }

    private void add(Checkpoint checkpoint, StoredTensor tensor) {
        StringBuilder shape = new StringBuilder(tensor.name());
        for (long size : tensor.shape()) {
            shape.append(' ').append(size);
        }
        add(shape.toString());
        long elements = tensor.elements();
        if (elements <= STRETCHES * STRETCH) {
            add(checkpoint, tensor, 0, (int) elements);
            return;
        }
        for (int i = 0; i < STRETCHES; i++) {
            long first = Math.floorDiv((elements - STRETCH) * i, STRETCHES - 1L);
            add(checkpoint, tensor, first, STRETCH);
        }
    }

    private void add(Checkpoint checkpoint, StoredTensor tensor, long first, int count) {
        FloatBuffer values = FloatBuffer.allocate(count);
        checkpoint.read(tensor, first, values);
        add(values.flip());
    }

    private void add(FloatBuffer values) {
        byte[] bytes = new byte[Float.BYTES * values.remaining()];
        ByteBuffer.wrap(bytes).asFloatBuffer().put(values);
        digest.update(bytes);
    }

    /** A text's end is marked, so that two of them do not run into each other. */
    private void add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
