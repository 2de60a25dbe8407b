package io.bytelm.job.sql;

import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** The one column that a model reads. */
enum TextColumn {
    /** Characters, read as their UTF-8. */
    STRING,
    /** Bytes as they are. */
    BYTES;

    /** @throws ValidationException if there is not one column, of one of these types */
    static TextColumn of(RowType declared) {
        List<RowType.RowField> fields = declared.getFields();
        if (fields.size() != 1) {
            throw new ValidationException(
                    "a model of 'provider' = 'bytelm' has one input column, STRING or BYTES, not " + fields.size());
        }
        LogicalType type = fields.get(0).getType();
        if (type.is(LogicalTypeFamily.CHARACTER_STRING)) {
            return STRING;
        }
        if (type.is(LogicalTypeFamily.BINARY_STRING)) {
            return BYTES;
        }
        throw new ValidationException("input column '" + fields.get(0).getName() + "' is of type "
                + type.asSummaryString() + "; a model of 'provider' = 'bytelm' reads STRING or BYTES");
    }

    /** The text of a row; null for NULL. */
    byte @Nullable [] of(RowData row) {
        if (row.isNullAt(0)) {
            return null;
        }
        return this == STRING ? row.getString(0).toBytes() : row.getBinary(0);
    }
}
