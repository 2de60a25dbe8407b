package io.bytelm.constraint.whitespace;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Fingerprint;

/**
 * As programs print JSON: a space after a colon or a comma; or, before what stands on a line of its own, a line feed and an
 * indentation of at most four spaces or one tab a level. Neither comes outside the document.
 */
final class IndentedGaps implements Gaps {
    private static final int MOST_SPACES_A_LEVEL = 4;
    /** The gap after the one space; also the number of gaps before those of lines. */
    private static final int ONE_SPACE = 1;
    /** After a line feed; 2 n above it after n spaces, 2 n + 1 above it after n tabs. */
    private static final int NEW_LINE = 2;

    private static final ByteSet SPACE = ByteSet.of(' ');
    private static final ByteSet TAB = ByteSet.of('\t');
    private static final ByteSet LINE_FEED = ByteSet.of('\n');

    @Override
    public int next(int gap, int nextByte, Place place, int depth) {
        if (!live(gap, place, depth).contains(nextByte)) {
            return DEAD;
        }
        if (gap == NOT_BEGUN) {
            return nextByte == ' ' ? ONE_SPACE : NEW_LINE;
        }
        return nextByte == '\t' && gap == NEW_LINE ? NEW_LINE + 3 : gap + 2;
    }

    @Override
    public ByteSet live(int gap, Place place, int depth) {
        if (gap == NOT_BEGUN) {
            return switch (place) {
                case OUTSIDE, BEFORE_COLON -> ByteSet.NONE;
                case AFTER_COLON -> SPACE;
                case AFTER_COMMA -> SPACE.or(LINE_FEED);
                case AFTER_OPENING, AFTER_VALUE -> LINE_FEED;
            };
        }
        if (gap == ONE_SPACE) {
            return ByteSet.NONE;
        }
        int levels = place == Place.AFTER_VALUE ? depth - 1 : depth;
        int blanks = (gap - NEW_LINE) / 2;
        boolean spaces = isSpaces(gap) && blanks < MOST_SPACES_A_LEVEL * levels;
        boolean tabs = (gap == NEW_LINE || !isSpaces(gap)) && blanks < levels;
        return (spaces ? SPACE : ByteSet.NONE).or(tabs ? TAB : ByteSet.NONE);
    }

    private static boolean isSpaces(int gap) {
        return (gap - NEW_LINE) % 2 == 0;
    }

    @Override
    public int fewestToEnd(int gap) {
        return 0;
    }

    @Override
    public boolean isGap(int gap) {
        return gap >= NOT_BEGUN;
    }

    @Override
    public void addTo(Fingerprint fingerprint) {
        fingerprint.add(-1);
    }
}
