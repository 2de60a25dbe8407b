package io.bytelm.constraint.composed;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes as messages show them. */
final class Quoted {
    private static final int MOST_BYTES = 60;

    private Quoted() {}

    /** In quotes if they are text, else in hex; a long one's end is left out. */
    static String bytes(byte[] bytes) {
        byte[] shown = bytes.length <= MOST_BYTES ? bytes : Arrays.copyOf(bytes, MOST_BYTES);
        String rest = shown.length < bytes.length ? "..." : "";
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(shown))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return '"' + text + rest + '"';
            }
        } catch (CharacterCodingException notText) {
            // shown in hex
        }
        return "hex " + HexFormat.of().formatHex(shown) + rest;
    }
}
