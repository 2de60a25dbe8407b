package io.bytelm.job;

import io.bytelm.job.kafka.ScoreEncoder;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.ResultProtobuf;
import io.bytelm.record.wire.SourceFields;

/** How scores are written to Kafka. */
public enum ScoreFormat {
    /** A line of JSON. */
    JSON,
    /** A Protobuf message, {@code bytelm/v1/score.proto}. */
    PROTOBUF;

    /** @param sources whether scores say which input record they answer */
    ScoreEncoder encoder(SourceFields sources) {
        return switch (this) {
            case JSON -> (result, shortening) -> ResultJson.write(result, shortening, sources);
            case PROTOBUF -> (result, shortening) -> ResultProtobuf.write(result, shortening, sources);
        };
    }
}
