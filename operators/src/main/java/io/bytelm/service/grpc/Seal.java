package io.bytelm.service.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.bytelm.service.grpc.proto.Sealed;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Tells whether a message came as it was sent. */
final class Seal {
    private Seal() {}

    static Sealed close(MessageLite message) {
        ByteString body = message.toByteString();
        return Sealed.newBuilder().setBody(body).setCrc32C(checksum(body)).build();
    }

    /** @throws MalformedMessageException if it was changed on the way */
    static ByteString open(Sealed sealed) throws MalformedMessageException {
        if (checksum(sealed.getBody()) != sealed.getCrc32C()) {
            throw new MalformedMessageException("a message was changed on the way: its checksum does not fit");
        }
        return sealed.getBody();
    }

    private static int checksum(ByteString body) {
        CRC32C checksum = new CRC32C();
        for (ByteBuffer part : body.asReadOnlyByteBufferList()) {
            checksum.update(part);
        }
        return (int) checksum.getValue();
    }
}
