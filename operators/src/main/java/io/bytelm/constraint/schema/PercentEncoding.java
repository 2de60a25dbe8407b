package io.bytelm.constraint.schema;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The fragment of a URI (RFC 3986, section 2.1) as it is meant. */
final class PercentEncoding {
    private static final int TRIPLET = 3;

    private PercentEncoding() {}

    /**
     * The text with each percent sign and its two hexadecimal digits replaced by the byte, in UTF-8. A percent sign without two
     * digits stands for itself: nobody means anything else by {@code 100%}.
     */
    static String decode(String fragment) {
        if (fragment.indexOf('%') < 0) {
            return fragment;
        }
        StringBuilder decoded = new StringBuilder(fragment.length());
        for (int at = 0; at < fragment.length(); ) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (; isTriplet(fragment, at); at += TRIPLET) {
                bytes.write(Integer.parseInt(fragment, at + 1, at + TRIPLET, 16));
            }
            decoded.append(bytes.toString(StandardCharsets.UTF_8));
            if (at < fragment.length()) {
                decoded.append(fragment.charAt(at++));
            }
        }
        return decoded.toString();
    }

    private static boolean isTriplet(String text, int at) {
        return at + TRIPLET <= text.length()
                && text.charAt(at) == '%'
                && isHexDigit(text.charAt(at + 1))
                && isHexDigit(text.charAt(at + 2));
    }

    private static boolean isHexDigit(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }
}
