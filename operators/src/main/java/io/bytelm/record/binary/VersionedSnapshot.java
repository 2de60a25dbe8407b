package io.bytelm.record.binary;

import java.io.IOException;
import java.util.function.IntFunction;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Remembers in which format a {@link VersionedSerializer} wrote. Its own layout is the format's number, an int.
 *
 * @param <T> what the serializer writes
 */
abstract class VersionedSnapshot<T> implements TypeSerializerSnapshot<T> {
    private static final int LAYOUT = 1;

    private final String name;
    private final int newestVersion;
    private final IntFunction<? extends TypeSerializer<T>> serializerOf;
    private int version;

    /**
     * @param name what the serializer writes, for messages to people
     * @param version the format in use
     * @param newestVersion the newest format that this build reads
     * @param serializerOf makes the serializer of a format
     */
    VersionedSnapshot(
            String name, int version, int newestVersion, IntFunction<? extends TypeSerializer<T>> serializerOf) {
        this.name = name;
        this.version = version;
        this.newestVersion = newestVersion;
        this.serializerOf = serializerOf;
    }

    @Override
    public final int getCurrentVersion() {
        return LAYOUT;
    }

    @Override
    public final void writeSnapshot(DataOutputView out) throws IOException {
        out.writeInt(version);
    }

    /** @throws IOException if a newer build wrote it, or it is damaged */
    @Override
    public final void readSnapshot(int layout, DataInputView in, ClassLoader classLoader) throws IOException {
        int found = layout == LAYOUT ? in.readInt() : Integer.MAX_VALUE;
        if (found > newestVersion) {
            throw new IOException("the " + name + " in this checkpoint or savepoint has format "
                    + (layout == LAYOUT ? found : "of snapshot layout " + layout) + ", this build reads up to format "
                    + newestVersion + ": restore it with the build that wrote it, or a newer one");
        }
        if (found < 1) {
            throw new IOException("damaged snapshot of " + name + ": there is no format " + found);
        }
        version = found;
    }

    @Override
    public final TypeSerializer<T> restoreSerializer() {
        return serializerOf.apply(version);
    }

    @Override
    public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
        if (!(old instanceof VersionedSnapshot<T> that) || getClass() != that.getClass() || that.version > version) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        return that.version == version
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
    }
}
