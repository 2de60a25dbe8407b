package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.text.Normalizer;

/** Finds where texts are not composed as Unicode's form NFC (UAX #15) is; bytes that are no UTF-8 part one text from another. */
final class Composition {
    private Composition() {}

    /** The first byte that composing changes; negative if there is none. */
    static int firstChange(byte[] text) {
        ByteBuffer in = ByteBuffer.wrap(text);
        CharBuffer out = CharBuffer.allocate(text.length);
        CharsetDecoder decoder = UTF_8.newDecoder();
        while (in.hasRemaining()) {
            int begin = in.position();
            CoderResult result = decoder.reset().decode(in, out.clear(), true);
            String valid = out.flip().toString();
            if (!Normalizer.isNormalized(valid, Normalizer.Form.NFC)) {
                return begin + firstChange(valid);
            }
            if (result.isError()) {
                in.position(in.position() + result.length());
            }
        }
        return -1;
    }

    private static int firstChange(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        int at = 0;
        while (at < text.length() && at < composed.length() && text.codePointAt(at) == composed.codePointAt(at)) {
            at += Character.charCount(text.codePointAt(at));
        }
        return text.substring(0, at).getBytes(UTF_8).length;
    }
}
