package io.bytelm.record.binary;

import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * A serializer of an immutable type with a numbered format. The number is not in the bytes but in the snapshot that Flink
 * keeps beside them: a restore reads with the number found there, and writes with the newest one from then on.
 *
 * @param <T> an immutable type: copies are the value itself
 */
abstract class VersionedSerializer<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1;

    private final String name;
    private final int version;
    private final int newestVersion;

    /**
     * @param name what it writes, for messages to people
     * @param version the format that this serializer reads and writes
     * @param newestVersion the newest format that this build knows
     */
    VersionedSerializer(String name, int version, int newestVersion) {
        this.name = name;
        this.version = version;
        this.newestVersion = newestVersion;
    }

    /** Reads one value of a format from 1 to the newest. */
    abstract T read(DataInputView in, int formatVersion) throws IOException;

    /** Writes one value in the newest format. */
    abstract void write(T value, DataOutputView out) throws IOException;

    /** The format that this serializer reads and writes. */
    final int version() {
        return version;
    }

    /** @throws IllegalStateException if this serializer was restored from an older format: that one is only read */
    @Override
    public final void serialize(T value, DataOutputView out) throws IOException {
        if (version != newestVersion) {
            throw new IllegalStateException("format " + version + " of " + name + " is only read; format "
                    + newestVersion + " is the one to write");
        }
        write(value, out);
    }

    /**
     * @throws EOFException if the bytes end too early
     * @throws IOException if the bytes are not of this format
     */
    @Override
    public final T deserialize(DataInputView in) throws IOException {
        try {
            return read(in, version);
        } catch (EOFException e) {
            EOFException clear = new EOFException("truncated " + name + " (format " + version
                    + "): the bytes end in the middle; the checkpoint or savepoint is damaged");
            clear.initCause(e);
            throw clear;
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged " + name + " (format " + version + "): " + e.getMessage(), e);
        }
    }

    @Override
    public final T deserialize(T reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public final void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public final T copy(T value) {
        return value;
    }

    @Override
    public final T copy(T value, T reuse) {
        return value;
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    /** Itself: it holds nothing that changes. */
    @Override
    public final TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public abstract TypeSerializerSnapshot<T> snapshotConfiguration();

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof VersionedSerializer<?> that && getClass() == that.getClass() && version == that.version;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(getClass(), version);
    }
}
