package io.bytelm.record.wire;

import io.bytelm.record.ToldTokens;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.SettledToken;
import org.jspecify.annotations.Nullable;

/** Settled tokens, as a Protobuf message: a {@code Score} with its field {@code tokens}. */
public final class TokensProtobuf {
    private TokensProtobuf() {}

    /** @param shortening null to write all of it */
    static byte[] write(ToldTokens told, @Nullable Shortening shortening, SourceFields sources) {
        Score.Builder message = ScoreProtobuf.beginning(told, Event.EVENT_TOKENS, shortening, sources);
        if (shortening == null) {
            told.tokens()
                    .forEach(token -> message.addTokens(SettledToken.newBuilder()
                            .setId(token.id())
                            .setFrom(token.from())
                            .setTo(token.to())));
        }
        return message.build().toByteArray();
    }
}
