package io.bytelm.record.binary;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SessionState;
import io.bytelm.record.SettledTokens;
import java.util.Objects;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Tells Flink to use one of this package's serializers, so that neither Kryo nor the POJO rules are ever asked
 * ({@code pipeline.generic-types: false}). Such a type is no key and has no fields that Flink could name.
 *
 * @param <T> the type described
 */
public final class ImmutableTypeInfo<T> extends TypeInformation<T> {
    /** What comes from Kafka. */
    public static final ImmutableTypeInfo<InputRecord> INPUT_RECORD =
            new ImmutableTypeInfo<>(InputRecord.class, new InputRecordSerializer());

    /** What goes to Kafka. */
    public static final ImmutableTypeInfo<OutputRecord> OUTPUT_RECORD =
            new ImmutableTypeInfo<>(OutputRecord.class, new OutputRecordSerializer());

    /** What sessions say, in the format of {@link #OUTPUT_RECORD}. */
    public static final ImmutableTypeInfo<OutputRecord.Result> RESULT = outputOf(OutputRecord.Result.class);

    /** Dead letters alone, in the format of {@link #OUTPUT_RECORD}. */
    public static final ImmutableTypeInfo<OutputRecord.DeadLetter> DEAD_LETTER =
            outputOf(OutputRecord.DeadLetter.class);

    /** The keyed state of a scoring session. */
    public static final ImmutableTypeInfo<SessionState> SESSION_STATE =
            new ImmutableTypeInfo<>(SessionState.class, new SessionStateSerializer());

    /** What has settled of a session's token contexts. */
    public static final ImmutableTypeInfo<SettledTokens> SETTLED_TOKENS =
            new ImmutableTypeInfo<>(SettledTokens.class, new SettledTokensSerializer());

    private static final long serialVersionUID = 1;

    private final Class<T> type;
    private final TypeSerializer<T> serializer;

    private ImmutableTypeInfo(Class<T> type, TypeSerializer<T> serializer) {
        this.type = type;
        this.serializer = serializer;
    }

    @SuppressWarnings("unchecked") // where only records of one kind are written, only that kind is read
    private static <T extends OutputRecord> ImmutableTypeInfo<T> outputOf(Class<T> kind) {
        return new ImmutableTypeInfo<>(kind, (TypeSerializer<T>) (TypeSerializer<?>) new OutputRecordSerializer());
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ImmutableTypeInfo;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImmutableTypeInfo<?> that && type == that.type && serializer.equals(that.serializer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, serializer);
    }

    @Override
    public String toString() {
        return "ImmutableTypeInfo<" + type.getSimpleName() + ">";
    }
}
