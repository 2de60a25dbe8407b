package io.bytelm.vocab.cuts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Unicode's general categories in the version of the tokenizers library, which is not that of the Java runtime: a text is cut
 * alike on every JVM. Read from a table beside this class, which a test compares with the library and can write anew.
 */
final class GeneralCategories {
    /** Those that patterns tell apart; all other characters are of none of them. */
    static final List<String> NAMES = List.of("Lu", "Ll", "Lt", "Lm", "Lo", "M", "N", "P", "S");

    private static final String TABLE = "general-categories.txt";
    private static final Pattern RANGE = Pattern.compile("([0-9A-F]+)(?:-([0-9A-F]+))?");
    private static final int NONE = NAMES.size();

    /** By character: a place in the names. */
    private static final byte[] BY_CHARACTER = read();

    private GeneralCategories() {}

    private static byte[] read() {
        byte[] categories = new byte[Character.MAX_CODE_POINT + 1];
        Arrays.fill(categories, (byte) NONE);
        try (InputStream in = Objects.requireNonNull(GeneralCategories.class.getResourceAsStream(TABLE), TABLE)) {
            for (String line : new String(in.readAllBytes(), US_ASCII).lines().toList()) {
                int category = NAMES.indexOf(line.substring(0, line.indexOf(' ')));
                if (category >= 0) {
                    fill(categories, line.substring(line.indexOf(' ')), (byte) category);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(TABLE, e);
        }
        return categories;
    }

    private static void fill(byte[] categories, String ranges, byte category) {
        for (MatchResult range : RANGE.matcher(ranges).results().toList()) {
            int from = Integer.parseInt(range.group(1), 16);
            int to = range.group(2) == null ? from : Integer.parseInt(range.group(2), 16);
            Arrays.fill(categories, from, to + 1, category);
        }
    }

    /** @throws UnknownPatternException if there is no such category here */
    static CharacterClass named(String name) {
        int category = NAMES.indexOf(name);
        if (category >= 0) {
            return CharacterClass.of(c -> BY_CHARACTER[c] == category);
        }
        if (name.equals("L")) {
            int last = NAMES.indexOf("Lo");
            return CharacterClass.of(c -> BY_CHARACTER[c] <= last);
        }
        throw new UnknownPatternException("\\p{" + name + "}");
    }
}
