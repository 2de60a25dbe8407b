package io.bytelm.record.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.bytelm.record.proto.Score;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The field {@code restarted} in what a session says first after the job has begun it anew. */
final class RestartedField {
    private RestartedField() {}

    /**
     * Puts it at the end of a line of JSON.
     *
     * @param object a JSON object with at least one field
     * @param reason a word of letters and hyphens
     */
    static byte[] inJson(byte[] object, String reason) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(object.length + 40);
        out.write(object, 0, object.length - 1); // without its last brace
        out.writeBytes((",\"restarted\":\"" + reason + "\"}").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes are no {@code Score} */
    static byte[] inProtobuf(byte[] score, String reason) {
        try {
            return Score.parseFrom(score).toBuilder()
                    .setRestarted(reason)
                    .build()
                    .toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a score", e);
        }
    }
}
