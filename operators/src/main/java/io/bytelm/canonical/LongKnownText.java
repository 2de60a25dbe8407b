package io.bytelm.canonical;

import io.bytelm.beam.Step;
import io.bytelm.lm.canonical.Heads;

/**
 * A long text of which all bytes are known before the model is asked, and only the end matters. It is followed a stretch at a
 * time: what is held, and how long one step takes, grow with a stretch and not with the text. Each stretch costs a few
 * contexts more than {@link KnownTextSum} asks for, with the same sum.
 *
 * @param text not to be changed
 * @param contextTokens how many tokens of a context the model reads at most
 * @param stretchBytes about as many contexts are asked for at once at most
 */
public record LongKnownText(byte[] text, long contextTokens, int stretchBytes) {
    /** @throws IllegalArgumentException if a stretch has no byte */
    public LongKnownText {
        if (stretchBytes < 1) {
            throw new IllegalArgumentException("a stretch must have at least 1 byte, got " + stretchBytes);
        }
    }

    /**
     * How far a text was read.
     *
     * @param tree that has read so much of it
     * @param read bytes; if the tree is dead, the last one is to blame
     * @param wholeTo up to how many bytes the model reads whole contexts
     */
    public record Progress(CanonicalTree tree, int read, int wholeTo) {
        /** @param tree that has read nothing of the text, and defers nothing */
        public static Progress before(CanonicalTree tree) {
            return new Progress(tree, 0, 0);
        }

        /** The same place, from which another tree goes on. */
        public Progress with(CanonicalTree other) {
            return new Progress(other, read, wholeTo);
        }

        /** For how many of the bytes after the first ones the model has read a shortened context. */
        public int truncatedAfter(int first) {
            return read - Math.max(first, wholeTo);
        }
    }

    /** Reads on, up to so many bytes, or to where the tree is dead. */
    public Step<Progress> read(Progress from, int to) {
        return Step.loop(
                from, at -> at.read < to && !at.tree.isDead(), at -> stretch(at, Math.min(to, at.read + stretchBytes)));
    }

    private Step<Progress> stretch(Progress before, int to) {
        return before.tree
                .readToEnd(text, before.read, to)
                .map(tree -> new Progress(tree, tree.isDead() ? deadAt(before, to) : to, wholeTo(before, to)));
    }

    private int deadAt(Progress before, int to) {
        Heads heads = before.tree.heads();
        int read = before.read;
        while (read < to && !heads.heads().isEmpty()) {
            heads = heads.read(text[read++] & 0xFF);
        }
        return read;
    }

    private int wholeTo(Progress before, int to) {
        Heads heads = before.tree.heads();
        if (before.wholeTo < before.read || !mayOutgrow(heads, to - before.read)) {
            return before.wholeTo < before.read ? before.wholeTo : to;
        }
        int whole = before.read;
        while (whole < to) {
            heads = heads.read(text[whole] & 0xFF);
            if (!KnownText.isWhole(heads.heads(), contextTokens)) {
                return whole;
            }
            whole++;
        }
        return whole;
    }

    /** A byte adds no more than a token to any context. */
    private boolean mayOutgrow(Heads heads, int bytes) {
        return heads.heads().stream().anyMatch(head -> head.context().length() + bytes > contextTokens);
    }
}
