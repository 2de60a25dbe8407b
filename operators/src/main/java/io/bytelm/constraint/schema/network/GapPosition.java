package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.whitespace.Gaps;
import io.bytelm.constraint.whitespace.Place;
import org.jspecify.annotations.Nullable;

/** In white space, after at least one byte of it. */
final class GapPosition extends Position {
    private final Position before;
    private final Place place;
    private final Gaps gaps;
    private final int gap;
    private final int depth;

    private GapPosition(Position before, Place place, Gaps gaps, int gap, int depth) {
        super(before.network);
        this.before = before;
        this.place = place;
        this.gaps = gaps;
        this.gap = gap;
        this.depth = depth;
    }

    /** After some white space, or after nothing; null if there cannot be such a gap. */
    static @Nullable Position of(Position before, Gaps gaps, int gap) {
        Place place = before.place();
        if (place == null || gap <= Gaps.NOT_BEGUN || !gaps.isGap(gap)) {
            return null;
        }
        return new GapPosition(before, place, gaps, gap, before.openContainers());
    }

    @Override
    @Nullable
    Place place() {
        return null;
    }

    private boolean mayEnd() {
        return gaps.fewestToEnd(gap) == 0;
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        int next = gaps.next(gap, nextByte, place, depth);
        if (next >= 0) {
            return new GapPosition(before, place, gaps, next, depth);
        }
        return mayEnd() ? before.advance(nextByte) : null;
    }

    @Override
    ByteSet liveBytes() {
        ByteSet live = gaps.live(gap, place, depth);
        return mayEnd() ? live.or(before.liveBytes()) : live;
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        gaps.addLive(gap, place, depth, before.fewestBytesToAccept(), bytesLeft, words);
        if (mayEnd()) {
            before.addLive(bytesLeft, words);
        }
    }

    @Override
    public boolean accepting() {
        return mayEnd() && before.accepting();
    }

    @Override
    public int fewestBytesToAccept() {
        return Fewest.sum(gaps.fewestToEnd(gap), before.fewestBytesToAccept());
    }

    @Override
    @Nullable
    Enclosing enclosing() {
        return before.enclosing();
    }

    @Override
    void writeTo(PositionWriter out) {
        before.writeTo(out);
        out.number(PositionWriter.GAP);
        out.number(gap);
    }
}
