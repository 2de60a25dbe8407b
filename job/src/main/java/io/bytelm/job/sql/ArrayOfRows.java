package io.bytelm.job.sql;

import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/**
 * A list as an array of rows, whose fields are chosen by name as columns are.
 *
 * @param fields what can be said of each element
 * @param elements the list; null for NULL
 */
record ArrayOfRows<R, E>(OutputColumns<E> fields, Function<R, @Nullable List<E>> elements) implements Rendering<R> {
    @Override
    public String type() {
        return "ARRAY<ROW<any of " + fields + ">>";
    }

    @Override
    public @Nullable Value<R> as(LogicalType declared) {
        if (!(declared instanceof ArrayType array) || !(array.getElementType() instanceof RowType row)) {
            return null;
        }
        Value<E> rows = fields.rows(row);
        return result -> {
            List<E> listed = elements.apply(result);
            return listed == null
                    ? null
                    : new GenericArrayData(listed.stream().map(rows::of).toArray());
        };
    }
}
