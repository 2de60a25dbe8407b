package io.bytelm.record;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Over which tokenizations of its text a session sums. */
public enum Tokenizations {
    /** All, as the reference does: with a beam. */
    ALL,
    /** Those that the tokenizer itself would write. */
    CANONICAL;

    /** The names by which users choose, in the order of the constants. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Tokenizations::label).toList();
    }

    /** The name by which users choose it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
