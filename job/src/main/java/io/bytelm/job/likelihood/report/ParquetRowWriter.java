package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A Parquet file with the columns that JSON rows have as fields; what a row lacks or has as null is null. */
final class ParquetRowWriter implements RowWriter {
    private final MessageType schema;
    private final ParquetWriter<Group> writer;

    ParquetRowWriter(Path file, List<Column> columns) throws IOException {
        Types.MessageTypeBuilder message = Types.buildMessage();
        columns.forEach(column -> message.addField(typeOf(column)));
        this.schema = message.named("score");
        this.writer = ExampleParquetWriter.builder(new ParquetOutput(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build();
    }

    private static Type typeOf(Column column) {
        String name = column.name();
        return switch (column.kind()) {
            case NAME ->
                Types.required(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case TEXT ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case WHOLE -> Types.optional(PrimitiveTypeName.INT64).named(name);
            case REAL -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
            case REALS -> Types.repeated(PrimitiveTypeName.DOUBLE).named(name);
            case GROUP -> {
                Types.GroupBuilder<GroupType> group = Types.optionalGroup();
                column.fields().forEach(field -> group.addField(typeOf(field)));
                yield group.named(name);
            }
        };
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        SimpleGroup group = new SimpleGroup(schema);
        fill(group, schema, row);
        writer.write(group);
    }

    private static void fill(Group group, GroupType type, JsonNode row) {
        for (Type field : type.getFields()) {
            String name = field.getName();
            JsonNode value = row.path(name);
            if (value.isNull() || value.isMissingNode()) {
                continue;
            }
            if (!field.isPrimitive()) {
                fill(group.addGroup(name), field.asGroupType(), value);
            } else if (value.isArray()) {
                value.forEach(element -> group.add(name, element.doubleValue()));
            } else {
                add(group, name, field.asPrimitiveType().getPrimitiveTypeName(), value);
            }
        }
    }

    private static void add(Group group, String name, PrimitiveTypeName type, JsonNode value) {
        switch (type) {
            case DOUBLE -> group.add(name, value.doubleValue());
            case INT64 -> group.add(name, value.longValue());
            default -> group.add(name, value.asText());
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
