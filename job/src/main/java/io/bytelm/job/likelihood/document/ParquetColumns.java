package io.bytelm.job.likelihood.document;

import java.util.stream.Collectors;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Which columns of a Parquet file are read: that of the text, and that of the id if there is one. */
final class ParquetColumns {
    private ParquetColumns() {}

    /**
     * The text comes first.
     *
     * @throws MissingTextException if there is no such column, or it holds no text; the message tells the columns' types
     */
    static MessageType of(MessageType schema, DocumentSettings settings) throws MissingTextException {
        String text = settings.textField();
        if (!schema.containsField(text)) {
            throw new MissingTextException(
                    "the Parquet file has no column '" + text + "'" + remedy(schema, "the columns are "));
        }
        Type type = schema.getType(text);
        if (!isOneOfBytes(type)) {
            throw new MissingTextException("column '" + text + "' of the Parquet file has the type " + named(type)
                    + ", and only BINARY is read as text" + remedy(schema, "the columns are "));
        }
        String id = settings.idField();
        return schema.containsField(id) && schema.getType(id).isPrimitive() && !id.equals(text)
                ? new MessageType(schema.getName(), type, schema.getType(id))
                : new MessageType(schema.getName(), type);
    }

    private static String remedy(MessageType schema, String before) {
        return schema.getFields().stream()
                .map(field -> field.getName() + " " + named(field))
                .collect(Collectors.joining(", ", "; " + before, "; name one with --text-field"));
    }

    private static boolean isOneOfBytes(Type type) {
        return type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }

    /** As the format calls it: {@code BINARY (STRING)}, {@code FIXED_LEN_BYTE_ARRAY(16)}, {@code group (LIST)}. */
    private static String named(Type type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        String repeated = type.isRepetition(Type.Repetition.REPEATED) ? "repeated " : "";
        return repeated + stored(type) + (meaning == null ? "" : " (" + meaning + ")");
    }

    private static String stored(Type type) {
        if (!type.isPrimitive()) {
            return "group";
        }
        PrimitiveType primitive = type.asPrimitiveType();
        String name = primitive.getPrimitiveTypeName().name();
        return primitive.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY
                ? name + "(" + primitive.getTypeLength() + ")"
                : name;
    }

    /**
     * Looks at where the columns lie before anything is read.
     *
     * @throws DamagedException if one is packed in a way that is not read, or lies outside of the file
     */
    static void requireReadable(ParquetMetadata footer, MessageType columns, long fileLength) throws DamagedException {
        for (BlockMetaData group : footer.getBlocks()) {
            for (ColumnChunkMetaData chunk : group.getColumns()) {
                if (columns.containsField(chunk.getPath().toArray()[0])) {
                    requireReadable(chunk, fileLength);
                }
            }
        }
    }

    private static void requireReadable(ColumnChunkMetaData chunk, long fileLength) throws DamagedException {
        String name = chunk.getPath().toDotString();
        if (!ParquetCodecs.read(chunk.getCodec())) {
            throw new DamagedException("column '" + name + "' is packed with " + chunk.getCodec()
                    + ", which is not read; write the file with ZSTD, GZIP, SNAPPY, LZ4_RAW or UNCOMPRESSED");
        }
        long from = chunk.getStartingPos();
        long bytes = chunk.getTotalSize();
        if (from < 0 || bytes < 0 || bytes > fileLength || from > fileLength - bytes) {
            throw new DamagedException("column '" + name + "' of the Parquet file lies outside of the file");
        }
    }
}
