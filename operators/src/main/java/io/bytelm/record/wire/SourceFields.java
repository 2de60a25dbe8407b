package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.Source;
import java.io.IOException;

/**
 * Whether results say which input record they answer: its topic, partition, offset and timestamp. What stands for a result
 * that is too large says so always, since the whole can only be had from there.
 */
public enum SourceFields {
    /** They do. */
    WRITTEN,
    /** They do not, and are some 90 bytes of JSON shorter. */
    LEFT_OUT;

    /** The fields {@code source_topic}, {@code source_partition}, {@code source_offset}, {@code source_timestamp}. */
    static void write(SourcePosition source, JsonGenerator json) throws IOException {
        json.writeStringField("source_topic", source.topic());
        json.writeNumberField("source_partition", source.partition());
        json.writeNumberField("source_offset", source.offset());
        json.writeNumberField("source_timestamp", source.timestampMillis());
    }

    static void add(SourcePosition source, Score.Builder message) {
        message.setSource(Source.newBuilder()
                .setTopic(source.topic())
                .setPartition(source.partition())
                .setOffset(source.offset())
                .setTimestampMillis(source.timestampMillis()));
    }
}
