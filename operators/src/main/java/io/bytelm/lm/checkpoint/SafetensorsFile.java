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
    private final Map<String, StoredBytes> bytes;

    /** What a header lists: tensors that can be read, the types of those that cannot, and what may be a part of one, by name. */
    private record Header(
            Map<String, StoredTensor> tensors, Map<String, String> unreadable, Map<String, StoredBytes> bytes) {}

    private SafetensorsFile(Path path, FileChannel channel, Header header) {
        this.path = path;
        this.channel = channel;
        this.tensors = header.tensors();
        this.unreadable = header.unreadable();
        this.bytes = header.bytes();
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

    /** Those of the unreadable ones, by name, in which numbers may be packed. */
    Map<String, StoredBytes> bytes() {
        return bytes;
    }

    /** Fills {@code target} with the bytes from {@code first} on. */
    void read(StoredBytes tensor, long first, ByteBuffer target) {
        readFully(target, tensor.offset() + first);
    }

    /** Fills {@code target} with elements from {@code first} on, as they are stored. */
    void read(PlainTensor tensor, long first, ByteBuffer target) {
        readFully(target, tensor.offset() + first * tensor.type().bytes());
    }

    /** Reads elements {@code first .. first + target.remaining() - 1} as float32. */
    void read(PlainTensor tensor, long first, FloatBuffer target, ByteBuffer staging) {
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
        Map<String, StoredBytes> bytes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            String name = entry.getKey();
            if (name.equals("__metadata__")) {
                continue;
            }
            String type = entry.getValue().path("dtype").asText();
            Place place = new Place(path, entry.getValue(), dataStart, fileBytes);
            if (isSupported(type)) {
                tensors.put(
                        name,
                        place.checked(
                                new PlainTensor(path, name, StoredType.valueOf(type), place.shape(), place.offset())));
                continue;
            }
            unreadable.put(name, type);
            if (type.equals("U8") && Mxfp4Tensor.isPart(name)) {
                bytes.put(name, place.checked(new StoredBytes(path, name, place.shape(), place.offset())));
            }
        }
        return new Header(tensors, unreadable, bytes);
    }

    /** Other types occur: masks, counters, and the weights of packed models. */
    private static boolean isSupported(String type) {
        return type.equals("F32") || type.equals("F16") || type.equals("BF16");
    }

    /** Where a header says that a tensor lies. */
    private record Place(Path path, JsonNode entry, long dataStart, long fileBytes) {
        long[] shape() {
            JsonNode dimensions = entry.path("shape");
            long[] shape = new long[dimensions.size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = dimensions.get(i).asLong(-1);
            }
            return shape;
        }

        private long begin() {
            return entry.path("data_offsets").path(0).asLong(-1);
        }

        /** Of the first byte in the file. */
        long offset() {
            return dataStart + begin();
        }

        PlainTensor checked(PlainTensor tensor) {
            check(tensor.toString(), tensor.type().bytes());
            return tensor;
        }

        StoredBytes checked(StoredBytes tensor) {
            check(tensor.toString(), 1);
            return tensor;
        }

        private void check(String tensor, long bytesPerElement) {
            long begin = begin();
            long end = entry.path("data_offsets").path(1).asLong(-1);
            if (begin < 0 || end < begin || end - begin != bytes(bytesPerElement)) {
                throw new ModelException(tensor + ": its place [" + begin + ", " + end + ") does not fit its shape");
            }
            if (end > fileBytes - dataStart) {
                throw new ModelException(truncated(path, dataStart + end, fileBytes));
            }
        }

        private long bytes(long bytesPerElement) {
            long bytes = bytesPerElement;
            try {
                for (long dimension : shape()) {
                    bytes = dimension < 0 ? -1 : Math.multiplyExact(bytes, dimension);
                }
                return bytes;
            } catch (ArithmeticException e) {
                return -1;
            }
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
