package io.bytelm.span;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Splits a text that is there as a whole; the borders are those that its bytes give one after the other. */
public final class WholeText {
    private WholeText() {}

    /** Where spans end, in order; the last one is the text's length. Nothing for an empty text. */
    public static int[] ends(Splitter splitter, byte[] text) {
        IntStream.Builder ends = IntStream.builder();
        Walk walk = new Walk(splitter, text);
        int last = 0;
        while (walk.hasMore()) {
            for (int border : walk.step()) {
                if (border > last) {
                    ends.add(border);
                    last = border;
                }
            }
        }
        if (text.length > last) {
            ends.add(text.length);
        }
        return ends.build().toArray();
    }

    /** After how many bytes words are known to end, see {@link Splitter#endsWord}; the text's end may be among them. */
    public static BitSet wordEnds(Splitter splitter, byte[] text) {
        BitSet ends = new BitSet(text.length + 1);
        Walk walk = new Walk(splitter, text);
        while (walk.hasMore()) {
            int at = walk.read();
            boolean isEnd = at == text.length;
            ends.set(at, isEnd ? walk.endsWordAtEnd() : walk.endsWord(text[at] & 0xFF));
            walk.step();
        }
        return ends;
    }

    /** A walk along the text, the last step being its end. */
    private static final class Walk {
        private final Splitter splitter;
        private final byte[] text;
        private int state;
        private int read;
        private int undecidedFrom;
        private boolean isOver;

        Walk(Splitter splitter, byte[] text) {
            this.splitter = splitter;
            this.text = text;
        }

        boolean hasMore() {
            return !isOver;
        }

        int read() {
            return read;
        }

        boolean endsWord(int nextByte) {
            return splitter.endsWord(state, undecided(), nextByte);
        }

        boolean endsWordAtEnd() {
            return splitter.endsWordAtEnd(state, undecided());
        }

        private byte[] undecided() {
            return Arrays.copyOfRange(text, undecidedFrom, read);
        }

        /** Reads a byte, or the end, and says which borders were found. */
        int[] step() {
            isOver = read == text.length;
            read = Math.min(text.length, read + 1);
            Splitter.Split split = isOver ? splitter.atEnd(state, undecided()) : splitter.next(state, undecided());
            int[] borders = IntStream.of(split.borders())
                    .map(border -> undecidedFrom + border)
                    .toArray();
            state = split.state();
            undecidedFrom += split.decided();
            return borders;
        }
    }
}
