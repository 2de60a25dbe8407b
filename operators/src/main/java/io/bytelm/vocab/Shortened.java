package io.bytelm.vocab;

import java.util.List;

/** Lists in messages. */
final class Shortened {
    private static final int SHOWN = 5;

    private Shortened() {}

    /** The first few, and how many more there are. */
    static String list(List<String> items) {
        String first = String.join(", ", items.subList(0, Math.min(SHOWN, items.size())));
        return items.size() <= SHOWN ? first : first + " and " + (items.size() - SHOWN) + " more";
    }
}
