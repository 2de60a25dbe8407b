package io.bytelm.span;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * To which of two words (or sentences) the white space between them belongs. With the second one a word's probability does
 * not say that it ends, with the first one it does: Pimentel and Meister, "How to Compute the Probability of a Word", EMNLP
 * 2024; Oh and Schuler, "Leading Whitespaces of Language Models' Subword Vocabulary Pose a Confound for Calculating Word
 * Probabilities", EMNLP 2024.
 */
public enum SpanSpace {
    /** To the one before it: spans end with white space. */
    BEFORE,
    /** To the one after it: spans begin with white space, as most tokens do. */
    AFTER;

    /** How people write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All labels, in the order of the values. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(SpanSpace::label).toList();
    }
}
