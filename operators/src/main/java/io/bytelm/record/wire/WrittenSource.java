package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.InvalidProtocolBufferException;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.Source;
import io.bytelm.record.proto.TooLarge;
import java.io.IOException;
import java.util.Optional;

/** Reads back which input record a written result answers, see {@link SourceFields}. */
public final class WrittenSource {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte JSON_BEGINS = '{'; // no field of the Protobuf message begins with this byte
    private static final long NO_TIMESTAMP = -1;

    private WrittenSource() {}

    /**
     * Of a result in JSON or Protobuf, whichever it is.
     *
     * @return empty if the value does not say, or is none of our results
     */
    public static Optional<SourcePosition> of(byte[] value) {
        try {
            return value.length > 0 && value[0] == JSON_BEGINS ? ofJson(value) : ofProtobuf(value);
        } catch (IOException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<SourcePosition> ofJson(byte[] value) throws IOException {
        String topic = null;
        int partition = -1;
        long offset = -1;
        long timestamp = NO_TIMESTAMP;
        try (JsonParser json = JSON.createParser(value)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "source_topic" -> topic = json.getText();
                    case "source_partition" -> partition = json.getIntValue();
                    case "source_offset" -> offset = json.getLongValue();
                    case "source_timestamp" -> timestamp = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
        }
        return topic == null || partition < 0 || offset < 0
                ? Optional.empty()
                : Optional.of(new SourcePosition(topic, partition, offset, timestamp));
    }

    private static Optional<SourcePosition> ofProtobuf(byte[] value) throws InvalidProtocolBufferException {
        Score score = Score.parseFrom(value);
        if (score.hasSource()) {
            Source source = score.getSource();
            return Optional.of(new SourcePosition(
                    source.getTopic(), source.getPartition(), source.getOffset(), source.getTimestampMillis()));
        }
        if (score.hasTooLarge()) {
            TooLarge large = score.getTooLarge();
            return Optional.of(new SourcePosition(
                    large.getSourceTopic(), large.getSourcePartition(), large.getSourceOffset(), NO_TIMESTAMP));
        }
        return Optional.empty();
    }
}
