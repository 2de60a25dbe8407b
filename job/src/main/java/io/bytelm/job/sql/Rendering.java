package io.bytelm.job.sql;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;
import org.jspecify.annotations.Nullable;

/**
 * A way to show a part of a result as a value of one SQL type.
 *
 * @param <R> the result
 */
interface Rendering<R> {
    /**
     * What makes the values of a column.
     *
     * @param <R> the result
     */
    interface Value<R> {
        /** In Flink's internal data structures; null for NULL. */
        @Nullable
        Object of(R result);
    }

    /** The SQL type, as users write it. */
    String type();

    /** What makes the values for a column of this type; null if it is not the rendering's. */
    @Nullable
    Value<R> as(LogicalType declared);

    static <R> Rendering<R> of(LogicalType type, Value<R> value) {
        return new Rendering<>() {
            @Override
            public String type() {
                return type.asSummaryString();
            }

            @Override
            public @Nullable Value<R> as(LogicalType declared) {
                return declared.equals(type) ? value : null;
            }
        };
    }

    /** A number as DOUBLE; minus infinity is NULL, as it is in records: SQL's {@code ROUND}, and many sinks, fail at it. */
    static <R> Rendering<R> number(ToDoubleFunction<R> value) {
        return of(new DoubleType(), result -> finite(value.applyAsDouble(result)));
    }

    /** A number that is not always there, as DOUBLE. */
    static <R> Rendering<R> optionalNumber(Function<R, @Nullable Double> value) {
        return of(new DoubleType(), result -> {
            Double number = value.apply(result);
            return number == null ? null : finite(number);
        });
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value + 0.0 : null; // minus zero plus zero is zero
    }

    /** A count as BIGINT. */
    static <R> Rendering<R> bigint(ToIntFunction<R> value) {
        return of(new BigIntType(), result -> (long) value.applyAsInt(result));
    }

    /** A count as INT. */
    static <R> Rendering<R> integer(ToIntFunction<R> value) {
        return of(new IntType(), value::applyAsInt);
    }

    static <R> Rendering<R> flag(Function<R, @Nullable Boolean> value) {
        return of(new BooleanType(), value::apply);
    }

    /** Bytes as they are; not to be changed. */
    static <R> Rendering<R> bytes(Function<R, byte @Nullable []> value) {
        return of(new VarBinaryType(VarBinaryType.MAX_LENGTH), value::apply);
    }

    /** The same bytes as characters; NULL where they are not UTF-8. */
    static <R> Rendering<R> utf8(Function<R, byte @Nullable []> value) {
        return text(result -> Utf8.orNull(value.apply(result)));
    }

    /** A list of texts as ARRAY of STRING. */
    static <R> Rendering<R> texts(Function<R, @Nullable List<String>> value) {
        return of(new ArrayType(VarCharType.STRING_TYPE), result -> {
            List<String> texts = value.apply(result);
            return texts == null
                    ? null
                    : new GenericArrayData(
                            texts.stream().map(StringData::fromString).toArray());
        });
    }

    static <R> Rendering<R> text(Function<R, @Nullable String> value) {
        return of(VarCharType.STRING_TYPE, result -> StringData.fromString(value.apply(result)));
    }
}
