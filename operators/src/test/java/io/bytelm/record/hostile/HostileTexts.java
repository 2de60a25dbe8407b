package io.bytelm.record.hostile;

import java.util.Random;

/** Texts as JSON, quotes and all: words, what means something in a pattern or a pointer, halves of surrogate pairs. */
final class HostileTexts {
    private static final String[] PIECES = {
        "a",
        "e",
        "the ",
        "end",
        "one, ",
        "discount%",
        "%25",
        "%2",
        "%",
        "~",
        "~0",
        "~1",
        "~2",
        "/",
        "#",
        "#/",
        "$",
        "$ref",
        "\\u0000",
        "\\ud800",
        "\\udc00",
        "\\ud83d\\ude00",
        "\\u00e9",
        "\\u0130",
        "\\u017f",
        "\\uffff",
        "\\\"",
        "\\\\",
        "\\n",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "*",
        "+",
        "?",
        "|",
        ".",
        "^",
        "-",
        "\\\\p{L}",
        "\\\\d",
        "0",
        "1",
        "9999999999",
        " "
    };

    private final Random random;

    HostileTexts(Random random) {
        this.random = random;
    }

    /** A JSON string. */
    String text() {
        StringBuilder text = new StringBuilder("\"");
        int pieces = random.nextInt(40) == 0 ? 2000 : random.nextInt(5);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('"').toString();
    }

    /** A name of a property, one of so few that references and requirements meet it. */
    String name() {
        return switch (random.nextInt(6)) {
            case 0 -> "\"a\"";
            case 1 -> "\"discount%\"";
            case 2 -> "\"x/y~z\"";
            case 3 -> "\"\"";
            case 4 -> "\"a b\"";
            default -> text();
        };
    }

    /** Text as it stands between the quotes of JSON, escaped. */
    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
