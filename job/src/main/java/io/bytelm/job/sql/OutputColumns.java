package io.bytelm.job.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/**
 * What a result can be written to: columns by name, each of one of a few types. A user declares those that are wanted.
 *
 * @param <R> the result
 */
final class OutputColumns<R> {
    /** The column that says why a row has no result. */
    static final String ERROR = "error";

    private final String owner;
    private final Map<String, List<Rendering<R>>> byName = new LinkedHashMap<>();

    /** @param owner what has them, for messages */
    OutputColumns(String owner) {
        this.owner = owner;
    }

    /** One more. */
    @SafeVarargs
    final OutputColumns<R> with(String name, Rendering<R>... renderings) {
        byName.put(name, List.of(renderings));
        return this;
    }

    /**
     * What writes results to rows of these columns. Any thread may use it.
     *
     * @throws ValidationException if one is not offered, has another type, or cannot be NULL
     */
    Rendering.Value<R> rows(RowType declared) {
        List<Rendering.Value<R>> values = new ArrayList<>();
        for (RowType.RowField field : declared.getFields()) {
            values.add(value(field));
        }
        return result -> row(values, result);
    }

    private static <R> RowData row(List<Rendering.Value<R>> values, R result) {
        GenericRowData row = new GenericRowData(values.size());
        for (int i = 0; i < row.getArity(); i++) {
            row.setField(i, values.get(i).of(result));
        }
        return row;
    }

    private Rendering.Value<R> value(RowType.RowField field) {
        List<Rendering<R>> renderings = byName.get(field.getName());
        if (renderings == null) {
            throw refused(field, "is none");
        }
        LogicalType type = field.getType();
        if (!type.isNullable()) {
            throw refused(field, "is NOT NULL, but NULL and rows without a result give NULL; declared so it is none");
        }
        for (Rendering<R> rendering : renderings) {
            Rendering.Value<R> value = rendering.as(type);
            if (value != null) {
                return value;
            }
        }
        throw refused(field, "is of type " + type.asSummaryString() + ", as which it is none");
    }

    private ValidationException refused(RowType.RowField field, String what) {
        return new ValidationException(
                "output column '" + field.getName() + "' " + what + " of the columns of " + owner + ": " + this);
    }

    /** All of them, with their types. */
    @Override
    public String toString() {
        return byName.entrySet().stream()
                .map(column -> column.getKey() + " "
                        + column.getValue().stream().map(Rendering::type).collect(Collectors.joining(" | ")))
                .collect(Collectors.joining(", "));
    }
}
