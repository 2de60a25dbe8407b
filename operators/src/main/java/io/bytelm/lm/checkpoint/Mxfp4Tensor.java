package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tensor in MXFP4, in the two tensors that transformers packs it into: 32 numbers of a row share a power of two, and each
 * has four bits of its own, a sign and one of eight sizes. Decoding is exact, in float32 and in bfloat16. Source: OCP
 * Microscaling Formats (MX) 1.0, E2M1 elements with an E8M0 scale; transformers' {@code integrations/mxfp4.py}.
 *
 * @param blocks {@code [..., columns / 32, 16]}: two numbers a byte, the earlier one in its lower half
 * @param scales {@code [..., columns / 32]}: the exponent of two, plus 127; 255 is no number
 */
record Mxfp4Tensor(StoredBytes blocks, StoredBytes scales) implements StoredTensor {
    /** The end of the name of {@link #blocks}, and of the tensor. */
    static final String BLOCKS = "_blocks";

    private static final String SCALES = "_scales";
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = BLOCK / 2;
    private static final float[] NUMBERS = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};
    private static final float[] POWERS = powers();

    /**
     * The tensors that are packed in files.
     *
     * @throws ModelException if blocks and scales of the same name do not fit each other
     */
    static List<Mxfp4Tensor> among(Collection<SafetensorsFile> files) {
        Map<String, StoredBytes> bytes = new TreeMap<>();
        files.forEach(file -> bytes.putAll(file.bytes()));
        List<Mxfp4Tensor> tensors = new ArrayList<>();
        for (StoredBytes blocks : bytes.values()) {
            String name = blocks.name();
            StoredBytes scales = name.endsWith(BLOCKS)
                    ? bytes.get(name.substring(0, name.length() - BLOCKS.length()) + SCALES)
                    : null;
            if (scales != null) {
                tensors.add(checked(blocks, scales));
            }
        }
        return tensors;
    }

    private static Mxfp4Tensor checked(StoredBytes blocks, StoredBytes scales) {
        int last = blocks.shape().length - 1;
        if (last < 1
                || blocks.shape()[last] != BLOCK_BYTES
                || !Arrays.equals(Arrays.copyOf(blocks.shape(), last), scales.shape())) {
            throw new ModelException(blocks + ": does not fit '" + scales.name() + "' "
                    + Arrays.toString(scales.shape()) + ", which needs one scale for each " + BLOCK_BYTES + " bytes");
        }
        return new Mxfp4Tensor(blocks, scales);
    }

    /** Whether a tensor of bytes of this name may be a part of one. */
    static boolean isPart(String name) {
        return name.endsWith(BLOCKS) || name.endsWith(SCALES);
    }

    @Override
    public Path file() {
        return blocks.file();
    }

    @Override
    public String name() {
        return blocks.name();
    }

    @Override
    public long[] shape() {
        long[] shape = scales.shape().clone();
        shape[shape.length - 1] *= BLOCK;
        return shape;
    }

    @Override
    public @Nullable StoredType type() {
        return null;
    }

    @Override
    public Mxfp4Tensor slice(long index) {
        return new Mxfp4Tensor(blocks.slice(index), scales.slice(index));
    }

    /**
     * Reads elements {@code first .. first + target.remaining() - 1} as float32.
     *
     * @param files open, by their paths
     */
    void read(Function<Path, SafetensorsFile> files, long first, FloatBuffer target, ByteBuffer staging) {
        staging.clear();
        int mostBlocks = staging.capacity() / (BLOCK_BYTES + 1);
        long at = first;
        while (target.hasRemaining()) {
            long block = at / BLOCK;
            int skipped = (int) (at % BLOCK);
            int count = (int) Math.min((skipped + target.remaining() + BLOCK - 1L) / BLOCK, mostBlocks);
            ByteBuffer packed = staging.slice(0, count * BLOCK_BYTES);
            ByteBuffer exponents = staging.slice(count * BLOCK_BYTES, count);
            files.apply(blocks.file()).read(blocks, block * BLOCK_BYTES, packed);
            files.apply(scales.file()).read(scales, block, exponents);
            int values = Math.min(count * BLOCK - skipped, target.remaining());
            decode(packed, exponents, skipped, values, target);
            at += values;
        }
    }

    private static void decode(ByteBuffer packed, ByteBuffer exponents, int first, int count, FloatBuffer target) {
        for (int i = first; i < first + count; i++) {
            int number = packed.get(i / 2) >> 4 * (i % 2) & 0xF;
            target.put(NUMBERS[number] * POWERS[exponents.get(i / BLOCK) & 0xFF]);
        }
    }

    private static float[] powers() {
        float[] powers = new float[256];
        for (int exponent = 0; exponent < 255; exponent++) {
            powers[exponent] = Math.scalb(1f, exponent - 127);
        }
        powers[255] = Float.NaN;
        return powers;
    }

    @Override
    public String toString() {
        return file() + ": tensor '" + name() + "' MXFP4" + Arrays.toString(shape());
    }
}
