package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One file of the safetensors format: the header's length (8 bytes, little endian), a JSON header that gives each
 * tensor's type, shape and place, then the data. Every place is checked against the file's size before anything is read.
 * The data is read block by block through one channel, so that files and tensors of any size need little memory.
 */
final class SafetensorsFile implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 100_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final FileChannel channel;
    private final Map<String, StoredTensor> tensors;
    private final Map<String, String> unreadable;

    /** What a header lists: tensors that can be read, and the types of those that cannot, by name. */
    private record Header(Map<String, StoredTensor> tensors, Map<String, String> unreadable) {}

    private SafetensorsFile(Path path, FileChannel channel, Header header) {
        this.path = path;
        this.channel = channel;
        this.tensors = header.tensors();
        this.unreadable = header.unreadable();
    }

    static SafetensorsFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(path);
            try {
                return new SafetensorsFile(path, channel, readHeader(path, channel));
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new ModelException(path + ": no such file; the model directory is incomplete", e);
        } catch (IOException e) {
            throw new ModelException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    Path path() {
        return path;
    }

    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /** The types of tensors that cannot be read, by the tensors' names. */
    Map<String, String> unreadable() {
        return unreadable;
    }

    /** Reads elements {@code first .. first + target.remaining() - 1} as float32. */
    void read(StoredTensor tensor, long first, FloatBuffer target, ByteBuffer staging) {
        int size = tensor.type().bytes();
        long at = tensor.offset() + first * size;
        while (target.hasRemaining()) {
            staging.clear().limit((int) Math.min((long) target.remaining() * size, staging.capacity() / 4 * 4));
            readFully(staging, at);
            at += staging.limit();
            tensor.type().widen(staging.flip().order(ByteOrder.LITTLE_ENDIAN), target);
        }
    }

    private void readFully(ByteBuffer buffer, long position) {
        try {
            long at = position;
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, at);
                if (count < 0) {
                    throw new ModelException(path + ": ends at byte " + at + " while it is read");
                }
                at += count;
            }
        } catch (IOException e) {
            throw new ModelException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Header readHeader(Path path, FileChannel channel) throws IOException {
        long fileBytes = channel.size();
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        if (fileBytes < 8 || channel.read(length, 0) < 8) {
            throw new ModelException(path + ": not a safetensors file: it has only " + fileBytes + " bytes");
        }
        if (new String(length.array(), StandardCharsets.US_ASCII).equals("version ")) {
            throw new ModelException(
                    path + ": is a pointer of Git LFS, not the weights; run git lfs pull, or fetch the file");
        }
        long headerBytes = length.getLong(0);
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
            throw new ModelException(path + ": not a safetensors file: its header would have "
                    + Long.toUnsignedString(headerBytes) + " bytes");
        }
        if (headerBytes > fileBytes - 8) {
            throw new ModelException(truncated(path, 8 + headerBytes, fileBytes));
        }
        byte[] header = new byte[(int) headerBytes];
        channel.read(ByteBuffer.wrap(header), 8);
        try {
            return parseHeader(path, JSON.readTree(header), 8 + headerBytes, fileBytes);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new ModelException(path + ": not a safetensors file: its header is not JSON", e);
        }
    }

    private static Header parseHeader(Path path, JsonNode header, long dataStart, long fileBytes) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            String name = entry.getKey();
            if (name.equals("__metadata__")) {
                continue;
            }
            if (isSupported(entry.getValue())) {
                tensors.put(name, parseTensor(path, name, entry.getValue(), dataStart, fileBytes));
            } else {
                unreadable.put(name, entry.getValue().path("dtype").asText());
            }
        }
        return new Header(tensors, unreadable);
    }

    /** Other types occur: masks, counters, and the weights of packed models. */
    private static boolean isSupported(JsonNode entry) {
        String type = entry.path("dtype").asText();
        return type.equals("F32") || type.equals("F16") || type.equals("BF16");
    }

    private static StoredTensor parseTensor(Path path, String name, JsonNode entry, long dataStart, long fileBytes) {
        StoredType type = StoredType.valueOf(entry.path("dtype").asText());
        JsonNode dimensions = entry.path("shape");
        long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).asLong(-1);
        }
        long begin = entry.path("data_offsets").path(0).asLong(-1);
        long end = entry.path("data_offsets").path(1).asLong(-1);
        StoredTensor tensor = new StoredTensor(path, name, type, shape, dataStart + begin);
        if (begin < 0 || end < begin || end - begin != checkedBytes(tensor)) {
            throw new ModelException(tensor + ": its place [" + begin + ", " + end + ") does not fit its shape");
        }
        if (end > fileBytes - dataStart) {
            throw new ModelException(truncated(path, dataStart + end, fileBytes));
        }
        return tensor;
    }

    private static long checkedBytes(StoredTensor tensor) {
        long bytes = tensor.type().bytes();
        try {
            for (long dimension : tensor.shape()) {
                bytes = dimension < 0 ? -1 : Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    private static String truncated(Path path, long expected, long found) {
        return path + ": truncated: expected at least " + expected + " bytes, found " + found
                + "; fetch the file again";
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ModelException(path + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
