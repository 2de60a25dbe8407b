package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes as they are typed: as text or in hex. */
final class Bytes {
    private Bytes() {}

    /** @throws UserException if it is not hex; {@code origin} says where it stood */
    static byte[] ofHex(String hex, String origin) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    origin + ": '" + hex + "' is not hex; write two digits a byte, for instance 0a for a line end", e);
        }
    }

    /** Text, or hex, or nothing; at most one is given. */
    static byte[] ofTextOrHex(@Nullable String text, @Nullable String hex, String hexOrigin) {
        if (hex != null) {
            return ofHex(hex, hexOrigin);
        }
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
}
