package io.bytelm.job;

import io.bytelm.job.kafka.ScoreEncoder;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.ResultProtobuf;

/** How scores are written to Kafka. */
public enum ScoreFormat {
    /** A line of JSON. */
    JSON,
    /** A Protobuf message, {@code bytelm/v1/score.proto}. */
    PROTOBUF;

    ScoreEncoder encoder() {
        return switch (this) {
            case JSON -> ResultJson::write;
            case PROTOBUF -> ResultProtobuf::write;
        };
    }
}
