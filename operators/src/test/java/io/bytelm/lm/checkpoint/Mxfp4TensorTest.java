package io.bytelm.lm.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers in MXFP4 are those that the format's definition gives, wherever a read begins and ends. */
class Mxfp4TensorTest {
    private static final int SCALES = 256;
    private static final int NUMBERS = 2 * 256 * SCALES;

    @TempDir
    private Path directory;

    @Test
    void everyByteAtEveryScaleIsDecodedExactly() throws IOException {
        try (SafetensorsFile file = everything()) {
            float[] expected = new float[NUMBERS];
            for (int i = 0; i < NUMBERS; i++) {
                expected[i] = expected(i);
            }
            assertThat(read(file, tensor(file), 0, NUMBERS)).isEqualTo(expected);
        }
    }

    /** By the sign, the exponent of two bits and the fraction of one, of the lower half of a byte first. */
    private static float expected(int index) {
        int scale = index / 512;
        int number = index / 2 % 256 >> 4 * (index % 2) & 0xF;
        int exponent = number >> 1 & 3;
        double size = exponent == 0 ? 0.5 * (number & 1) : (1 + 0.5 * (number & 1)) * Math.pow(2, exponent - 1);
        double value = (number >> 3 == 0 ? size : -size) * Math.pow(2, scale - 127);
        return scale == 255 ? Float.NaN : (float) value;
    }

    @Test
    void readsBeginAndEndAnywhere() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (SafetensorsFile file = everything()) {
            float[] all = read(file, tensor(file), 0, NUMBERS);
            for (int i = 0; i < 50; i++) {
                int first = random.nextInt(NUMBERS);
                int count = random.nextInt(Math.min(2_000, NUMBERS - first) + 1);
                assertThat(read(file, tensor(file), first, count))
                        .as("seed %d, %d from %d on", seed, count, first)
                        .isEqualTo(Arrays.copyOfRange(all, first, first + count));
            }
        }
    }

    @Test
    void aSliceIsOneOfTheMatrices() throws IOException {
        try (SafetensorsFile file = everything()) {
            Mxfp4Tensor slice = tensor(file).slice(130);
            assertThat(slice.shape()).containsExactly(16, 32);
            assertThat(read(file, slice, 0, 512))
                    .isEqualTo(read(file, tensor(file), 130 * 512, 512))
                    .contains(6 * 8f);
        }
    }

    @Test
    void theScalesMayLieInAnotherFile() throws IOException {
        Path second = write("second", "w_scales", "[1, 2]", new byte[] {127, (byte) 128});
        byte[] halves = new byte[32];
        Arrays.fill(halves, (byte) 0x91); // 0.5 and -0.5
        try (SafetensorsFile first = SafetensorsFile.open(write("first", "w_blocks", "[1, 2, 16]", halves));
                SafetensorsFile other = SafetensorsFile.open(second)) {
            Mxfp4Tensor tensor = Mxfp4Tensor.among(List.of(other, first)).get(0);
            FloatBuffer values = FloatBuffer.allocate(64);
            tensor.read(path -> path.equals(second) ? other : first, 0, values, ByteBuffer.allocate(64));
            assertThat(values.array()).startsWith(0.5f, -0.5f).endsWith(1, -1);
            assertThat(tensor.elements()).isEqualTo(64);
        }
    }

    @Test
    void scalesThatDoNotFitTheirBlocksAreNamed() throws IOException {
        Path blocks = write("blocks", "w_blocks", "[1, 2, 16]", new byte[32]);
        Path scales = write("scales", "w_scales", "[1, 3]", new byte[3]);
        try (SafetensorsFile first = SafetensorsFile.open(blocks);
                SafetensorsFile second = SafetensorsFile.open(scales)) {
            assertThatThrownBy(() -> Mxfp4Tensor.among(List.of(first, second)))
                    .isInstanceOf(ModelException.class)
                    .hasMessage(blocks + ": tensor 'w_blocks' U8[1, 2, 16]: does not fit 'w_scales' [1, 3], which needs"
                            + " one scale for each 16 bytes");
        }
    }

    /** {@code [256, 16, 32]}: a matrix of all bytes for each scale. */
    private SafetensorsFile everything() throws IOException {
        byte[] blocks = new byte[NUMBERS / 2];
        byte[] scales = new byte[NUMBERS / 32];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = (byte) i;
            scales[i / 16] = (byte) (i / 256);
        }
        String header = entry("w_blocks", "[256, 16, 1, 16]", 0, blocks.length)
                + ","
                + entry("w_scales", "[256, 16, 1]", blocks.length, blocks.length + scales.length);
        return SafetensorsFile.open(write("all", header, blocks, scales));
    }

    private static Mxfp4Tensor tensor(SafetensorsFile file) {
        Mxfp4Tensor tensor = Mxfp4Tensor.among(List.of(file)).get(0);
        assertThat(tensor.name()).isEqualTo("w_blocks");
        return tensor;
    }

    /** Through a buffer that holds three blocks and a part of one. */
    private static float[] read(SafetensorsFile file, Mxfp4Tensor tensor, int first, int count) {
        FloatBuffer values = FloatBuffer.allocate(count);
        tensor.read(path -> file, first, values, ByteBuffer.allocateDirect(60));
        return values.array();
    }

    private Path write(String file, String name, String shape, byte[] data) throws IOException {
        return write(file, entry(name, shape, 0, data.length), data);
    }

    private Path write(String file, String header, byte[]... data) throws IOException {
        byte[] head = ("{" + header + "}").getBytes(StandardCharsets.UTF_8);
        int size = Arrays.stream(data).mapToInt(part -> part.length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(8 + head.length + size).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(head.length).put(head);
        for (byte[] part : data) {
            bytes.put(part);
        }
        return Files.write(directory.resolve(file), bytes.array());
    }

    private static String entry(String name, String shape, int begin, int end) {
        return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + "," + end
                + "]}";
    }
}
