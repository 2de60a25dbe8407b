package io.bytelm.vocab;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 64 bits of the SHA-256 of a vocabulary: BOS and size, then each token's kind, length and bytes. */
final class VocabularyFingerprint {
    private VocabularyFingerprint() {}

    static long of(byte[][] tokens, TokenKind[] kinds, int bosToken) {
        MessageDigest digest = sha256();
        ByteBuffer numbers = ByteBuffer.allocate(2 * Integer.BYTES);
        digest.update(numbers.putInt(bosToken).putInt(tokens.length).array());
        for (int id = 0; id < tokens.length; id++) {
            digest.update(numbers.clear()
                    .putInt(code(kinds[id]))
                    .putInt(tokens[id].length)
                    .array());
            digest.update(tokens[id]);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** Fixed numbers, so that reordering the enum does not orphan saved state. */
    private static int code(TokenKind kind) {
        return switch (kind) {
            case NORMAL -> 0;
            case SPECIAL -> 1;
            case BYTE -> 2;
            case EMPTY -> 3;
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
