package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
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

/** A Parquet file with the columns that JSON rows have as fields; what a row lacks or has as null is null, in a list NaN. */
final class ParquetRowWriter implements RowWriter {
    private static final String BYTE_LOGPROBS = "byte_logprobs";

    private final MessageType schema;
    private final ParquetWriter<Group> writer;

    /**
     * @param compared whether rows have the fields of a second model
     * @param plan what else they have
     */
    ParquetRowWriter(Path file, boolean compared, Plan plan) throws IOException {
        this.schema = schema(compared, plan);
        this.writer = ExampleParquetWriter.builder(new ParquetOutput(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build();
    }

    private static MessageType schema(boolean compared, Plan plan) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        message.addField(Types.required(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named("id"));
        message.addField(whole("bytes"));
        addNumbers(message, plan);
        message.addField(whole("windows"));
        if (compared) {
            Types.GroupBuilder<GroupType> other = Types.optionalGroup();
            addNumbers(other, plan);
            message.addField(other.named("compared"));
            message.addField(real("log_likelihood_difference"));
            message.addField(real("bits_per_byte_difference"));
        }
        return message.named("score");
    }

    private static void addNumbers(Types.BaseGroupBuilder<?, ?> to, Plan plan) {
        if (plan.normalizes()) {
            to.addField(whole("normalized_bytes"));
        }
        if (plan.restarts()) {
            to.addField(whole("skipped_bytes"));
            to.addField(whole("dead_ends"));
        }
        to.addField(real("log_likelihood"));
        if (plan.certified()) {
            to.addField(real("log_likelihood_upper"));
        }
        to.addField(real("bits_per_byte"));
        to.addField(whole("evaluations"));
        to.addField(whole("truncated_bytes"));
        if (plan.byteLogProbs()) {
            to.addField(Types.repeated(PrimitiveTypeName.DOUBLE).named(BYTE_LOGPROBS));
        }
    }

    private static Type real(String name) {
        return Types.optional(PrimitiveTypeName.DOUBLE).named(name);
    }

    private static Type whole(String name) {
        return Types.optional(PrimitiveTypeName.INT64).named(name);
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
                value.forEach(element -> group.add(name, element.isNull() ? Double.NaN : element.doubleValue()));
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
