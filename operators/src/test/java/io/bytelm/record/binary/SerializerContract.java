package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** What Flink expects of a serializer of an immutable type, checked on random values. */
abstract class SerializerContract<T> {
    private static final long SEED = 20260101;

    abstract TypeInformation<T> typeInfo();

    /** One value; all kinds must come up. */
    abstract T randomValue(Random random);

    abstract void assertSame(T actual, T expected);

    /** SHA-256 of the bytes of the random values, in the newest format. */
    abstract String digest();

    private TypeSerializer<T> serializer() {
        return typeInfo().createSerializer(new SerializerConfigImpl());
    }

    private List<T> randomValues() {
        Random random = new Random(SEED);
        List<T> values = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            values.add(randomValue(random));
        }
        return values;
    }

    static <T> byte[] bytesOf(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return out.getCopyOfBuffer();
    }

    @Test
    void everyValueComesBackAsItWas() throws IOException {
        for (T value : randomValues()) {
            DataInputDeserializer in = new DataInputDeserializer(bytesOf(serializer(), value));
            assertSame(serializer().deserialize(in), value);
            assertThat(in.available()).as("seed " + SEED).isZero();
        }
    }

    @Test
    void whatIsWrittenChangesOnlyWithANewFormat() throws Exception {
        MessageDigest written = MessageDigest.getInstance("SHA-256");
        for (T value : randomValues()) {
            written.update(bytesOf(serializer(), value));
        }
        String found = HexFormat.of().formatHex(written.digest());
        assertThat(found)
                .withFailMessage(
                        "%s writes other bytes than before, but still calls them format %d, so that older savepoints"
                                + " would be misread: give them the next format, go on reading this one, and store"
                                + " savepoints of the new format beside the others (StoredSavepointTest). If only the"
                                + " random values of this test have changed, its digest is now %s",
                        serializer().getClass().getSimpleName(),
                        ((VersionedSerializer<T>) serializer()).version(),
                        found)
                .isEqualTo(digest());
    }

    @Test
    void valuesFollowEachOtherInOneStream() throws IOException {
        List<T> values = randomValues();
        DataOutputSerializer out = new DataOutputSerializer(64);
        for (T value : values) {
            serializer().serialize(value, out);
        }
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        for (T value : values) {
            assertSame(serializer().deserialize(serializer().createInstance(), in), value);
        }
        assertThat(in.available()).isZero();
    }

    @Test
    void copyingAStreamCopiesJustOneValue() throws IOException {
        List<T> values = randomValues();
        DataOutputSerializer two = new DataOutputSerializer(64);
        serializer().serialize(values.get(0), two);
        serializer().serialize(values.get(1), two);
        DataInputDeserializer in = new DataInputDeserializer(two.getCopyOfBuffer());
        DataOutputSerializer copy = new DataOutputSerializer(64);
        serializer().copy(in, copy);
        assertThat(copy.getCopyOfBuffer()).isEqualTo(bytesOf(serializer(), values.get(0)));
        assertSame(serializer().deserialize(in), values.get(1));
    }

    @Test
    void copiesOfAnImmutableValueAreTheValue() {
        T value = randomValues().get(0);
        assertThat(serializer().isImmutableType()).isTrue();
        assertThat(serializer().copy(value)).isSameAs(value);
        assertThat(serializer().copy(value, serializer().createInstance())).isSameAs(value);
        assertThat(serializer().getLength()).isEqualTo(-1);
    }

    @Test
    void truncatedBytesAreNamedAsSuch() throws IOException {
        Random random = new Random(SEED);
        for (T value : randomValues()) {
            byte[] whole = bytesOf(serializer(), value);
            byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
            assertThatThrownBy(() -> serializer().deserialize(new DataInputDeserializer(cut)))
                    .as("seed %d, %d of %d bytes", SEED, cut.length, whole.length)
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("truncated")
                    .hasMessageContaining("(format " + ((VersionedSerializer<T>) serializer()).version() + ")");
        }
    }

    @Test
    void damagedBytesNeverEndInAnythingButAnIoException() throws IOException {
        Random random = new Random(SEED);
        int failures = 0;
        for (T value : randomValues()) {
            byte[] damaged = bytesOf(serializer(), value);
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                serializer().deserialize(new DataInputDeserializer(damaged));
            } catch (IOException expected) {
                failures++;
            }
        }
        assertThat(failures).as("damage that was noticed").isPositive();
    }

    @Test
    void theSnapshotRestoresAnEqualSerializer() throws Exception {
        var snapshot = serializer().snapshotConfiguration();
        DataOutputSerializer out = new DataOutputSerializer(64);
        snapshot.writeSnapshot(out);
        var restored = InstantiationUtil.instantiate(snapshot.getClass());
        restored.readSnapshot(
                snapshot.getCurrentVersion(),
                new DataInputDeserializer(out.getCopyOfBuffer()),
                getClass().getClassLoader());
        assertThat(restored.restoreSerializer()).isEqualTo(serializer()).hasSameHashCodeAs(serializer());
        assertThat(serializer()
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(snapshot)
                        .isCompatibleAsIs())
                .isTrue();
    }

    @Test
    void theTypeTravelsWithTheJob() throws Exception {
        TypeInformation<T> there = InstantiationUtil.clone(typeInfo());
        assertThat(there).isEqualTo(typeInfo()).hasSameHashCodeAs(typeInfo());
        T value = randomValues().get(0);
        TypeSerializer<T> serializer = there.createSerializer(new SerializerConfigImpl());
        assertSame(serializer.deserialize(new DataInputDeserializer(bytesOf(serializer, value))), value);
    }
}
