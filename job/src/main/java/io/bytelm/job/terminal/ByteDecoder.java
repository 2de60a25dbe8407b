package io.bytelm.job.terminal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns pieces of UTF-8 into text as far as whole characters are there; bytes that are none become U+FFFD. */
final class ByteDecoder {
    private static final int LONGEST_CHARACTER = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer waiting = ByteBuffer.allocate(0);

    /** The text of the next bytes, and of those before that were no whole character yet. */
    String next(byte[] piece) {
        ByteBuffer bytes = ByteBuffer.allocate(waiting.remaining() + piece.length);
        bytes.put(waiting).put(piece).flip();
        CharBuffer text = CharBuffer.allocate(bytes.remaining() + LONGEST_CHARACTER);
        decoder.decode(bytes, text, false);
        waiting = bytes;
        return text.flip().toString();
    }
}
