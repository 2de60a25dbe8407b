package io.bytelm.constraint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/** Writes out small languages, for oracles that write out the same ones in another way. */
public final class Languages {
    private static final int MOST_TEXTS = 200_000;

    private Languages() {}

    /** All texts of at most so many bytes that a constraint accepts, found by its live bytes. */
    public static TreeSet<String> of(Constraint constraint, int mostBytes) {
        TreeSet<String> texts = new TreeSet<>();
        add(constraint.start(), new byte[0], mostBytes, texts);
        return texts;
    }

    private static void add(Cursor cursor, byte[] text, int left, TreeSet<String> texts) {
        if (cursor.accepting()) {
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        if (texts.size() > MOST_TEXTS) {
            throw new AssertionError("more than " + MOST_TEXTS + " texts, such as " + texts.last());
        }
        for (int b : cursor.live(left).toArray()) {
            ByteArrayOutputStream more = new ByteArrayOutputStream();
            more.writeBytes(text);
            more.write(b);
            add(RandomWalks.step(cursor, b), more.toByteArray(), left - 1, texts);
        }
    }
}
