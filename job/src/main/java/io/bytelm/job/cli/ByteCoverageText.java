package io.bytelm.job.cli;

import io.bytelm.vocab.ByteCoverage;
import io.bytelm.vocab.ByteCoverage.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says which bytes are no tokens.
 *
 * @param all over all tokenizations
 * @param canonical over the canonical ones; null if those are not followed
 */
record ByteCoverageText(ByteCoverage all, @Nullable ByteCoverage canonical) {
    private static final int BYTES = 256;

    /** One line about all of them. */
    String phrase() {
        String phrase = phrase(all);
        if (canonical == null || phrase(canonical).equals(phrase)) {
            return phrase;
        }
        return phrase + "; with canonical tokenizations " + phrase(canonical);
    }

    private static String phrase(ByteCoverage coverage) {
        List<Integer> nowhere = coverage.bytesWith(Place.NOWHERE);
        List<Integer> longer = coverage.bytesWith(Place.IN_LONGER_TOKENS);
        List<String> parts = new ArrayList<>();
        if (!nowhere.isEmpty()) {
            parts.add(nowhere.size() + " in no token (" + ranges(nowhere) + ")");
        }
        if (!longer.isEmpty()) {
            parts.add(longer.size() + " only in longer tokens (" + ranges(longer) + ")");
        }
        return parts.isEmpty() ? "each is a token" : String.join(", ", parts);
    }

    private static String ranges(List<Integer> bytes) {
        List<String> ranges = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < bytes.size(); i++) {
            if (i + 1 == bytes.size() || bytes.get(i + 1) != bytes.get(i) + 1) {
                String range = hex(bytes.get(first)) + (i > first ? "-" + hex(bytes.get(i)) : "");
                ranges.add(range);
                first = i + 1;
            }
        }
        return String.join(" ", ranges);
    }

    private static String hex(int b) {
        return String.format(Locale.ROOT, "%02x", b);
    }

    /** For each byte that is no token of the one kind or the other a line: the byte, and where it stands in both. */
    List<String> lines() {
        return IntStream.range(0, BYTES)
                .filter(b -> all.placeOf(b) != Place.ALONE || canonical != null && canonical.placeOf(b) != Place.ALONE)
                .mapToObj(b -> hex(b) + "\t" + word(all.placeOf(b)) + "\t"
                        + (canonical == null ? "-" : word(canonical.placeOf(b))))
                .toList();
    }

    private static String word(Place place) {
        return switch (place) {
            case NOWHERE -> "none";
            case IN_LONGER_TOKENS -> "longer";
            case ALONE -> "alone";
        };
    }
}
