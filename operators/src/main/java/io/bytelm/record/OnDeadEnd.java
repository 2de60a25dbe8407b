package io.bytelm.record;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What becomes of a text where no way to read it goes on with its next byte. */
public enum OnDeadEnd {
    /** Nothing more is read of it. */
    STOP,
    /** It is read on: with other ways, or without the byte. */
    RESTART;

    /** The word for it in records and options. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words of all, in order. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(OnDeadEnd::label).toList();
    }
}
