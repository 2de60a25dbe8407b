package io.bytelm.lm.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.vocab.CanonicalRules;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether canonical tokenizations are offered for a tokenizer: whether, on random texts, its rules give the tokens
 * that its own library gives. Always the same texts for the same tokenizer.
 */
public final class CanonicalSelfTest {
    private static final int TEXTS = 200;
    private static final int MOST_PARTS = 10;
    private static final long SEED = 0xCA11;

    /** Of every kind that a pretokenizer tells from others, and what decides a cut only later. */
    private static final String[] CHARACTERS = {
        " ",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u3000",
        "'s",
        "'LL",
        "'v",
        "\u2019",
        "1",
        "20",
        "\u00b2",
        "\u2167",
        "a",
        "e",
        "th",
        "in",
        "S",
        "T",
        "\u00c9",
        "\u00e9",
        "\u01c5",
        "\u02b0",
        "\u4e2d\u6587",
        "\u3072\u3089",
        "\u30fc",
        "\uac00",
        "\u0436",
        "\u05d0",
        "\u0301",
        ".",
        ",",
        "-",
        "_",
        "/",
        "(",
        "\"",
        "\\",
        "<",
        "|",
        ">",
        "==",
        "$",
        "\u20ac",
        "\u0001",
        "\u200b",
        "\ud83d\ude00",
        "\ud835\udc9c"
    };

    private CanonicalSelfTest() {}

    /**
     * Compares both; takes less than a second.
     *
     * @param library that of the same tokenizer
     * @return what differs, in one line; null if nothing does
     * @throws io.bytelm.lm.ModelException if the library fails
     */
    public static @Nullable String difference(CanonicalRules rules, CanonicalTokenizer library) {
        Random random = new Random(SEED);
        byte[] prefix = rules.vocabulary().dummyPrefix();
        for (int i = 0; i < TEXTS; i++) {
            byte[] text = text(random, rules).getBytes(UTF_8);
            byte[] read = Arrays.copyOf(prefix, prefix.length + text.length);
            System.arraycopy(text, 0, read, prefix.length, text.length);
            int[] expected = library.tokens(text);
            int[] actual = CanonicalEncoding.of(rules, read);
            boolean lost = actual == null && !spells(rules, expected, read);
            if (!lost && !Arrays.equals(expected, actual)) {
                return "the text \"" + escaped(text) + "\" is " + Arrays.toString(expected)
                        + " to the tokenizer's library, but " + Arrays.toString(actual) + " by the rules of its file";
            }
        }
        return null;
    }

    /** Characters and pieces of the vocabulary; composed, because NFC is a promise that texts are. */
    private static String text(Random random, CanonicalRules rules) {
        StringBuilder text =
                new StringBuilder("a"); // what a tokenizer puts before a text depends on its first character
        int parts = 1 + random.nextInt(MOST_PARTS);
        for (int i = 0; i < parts; i++) {
            text.append(random.nextInt(3) > 0 ? CHARACTERS[random.nextInt(CHARACTERS.length)] : piece(random, rules));
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static String piece(Random random, CanonicalRules rules) {
        int token = random.nextInt(rules.vocabulary().size());
        String piece = new String(rules.vocabulary().bytes(token), UTF_8);
        boolean usable = rules.reachable(token) && piece.indexOf('\ufffd') < 0 && piece.indexOf('\u2581') < 0;
        return usable ? piece : "";
    }

    /** Whether tokens have just these bytes; a library leaves out bytes for which it has no token. */
    private static boolean spells(CanonicalRules rules, int[] tokens, byte[] text) {
        int at = 0;
        for (int token : tokens) {
            byte[] bytes =
                    token < rules.vocabulary().size() ? rules.vocabulary().bytes(token) : new byte[0];
            int end = Math.min(text.length, at + bytes.length);
            if (!Arrays.equals(bytes, 0, bytes.length, text, at, end)) {
                return false;
            }
            at = end;
        }
        return at == text.length;
    }

    private static String escaped(byte[] text) {
        StringBuilder escaped = new StringBuilder();
        new String(text, UTF_8)
                .chars()
                .forEach(c -> escaped.append(c >= ' ' && c < 0x7F ? "" + (char) c : String.format("\\u%04x", c)));
        return escaped.toString();
    }
}
