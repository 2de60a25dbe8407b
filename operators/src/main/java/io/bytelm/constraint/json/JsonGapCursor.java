package io.bytelm.constraint.json;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.whitespace.Gaps;
import io.bytelm.constraint.whitespace.Place;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** In white space, after at least one byte of it. */
final class JsonGapCursor implements Cursor {
    private final JsonCursor after;
    private final Gaps gaps;
    private final Place place;
    private final int gap;
    private final int depth;

    /** @param after the position if the gap ends here */
    JsonGapCursor(JsonCursor after, Gaps gaps, Place place, int gap, int depth) {
        this.after = after;
        this.gaps = gaps;
        this.place = place;
        this.gap = gap;
        this.depth = depth;
    }

    private boolean mayEnd() {
        return gaps.fewestToEnd(gap) == 0;
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        int next = gaps.next(gap, nextByte, place, depth);
        if (next >= 0) {
            return new JsonGapCursor(after, gaps, place, next, depth);
        }
        return mayEnd() && after.liveInTokens().contains(nextByte) ? after.step(nextByte) : null;
    }

    @Override
    public ByteSet live() {
        ByteSet live = gaps.live(gap, place, depth);
        return mayEnd() ? live.or(after.liveInTokens()) : live;
    }

    @Override
    public ByteSet live(int bytesLeft) {
        long[] words = new long[4];
        gaps.addLive(gap, place, depth, after.fewestBytesToAccept(), bytesLeft, words);
        if (mayEnd()) {
            after.liveInTokens(bytesLeft).addTo(words);
        }
        return ByteSet.ofWords(words);
    }

    @Override
    public boolean accepting() {
        return mayEnd() && after.accepting();
    }

    @Override
    public int fewestBytesToAccept() {
        return gaps.fewestToEnd(gap) + after.fewestBytesToAccept();
    }

    /** The position after the gap, then the gap (4 bytes). */
    @Override
    public byte[] save() {
        byte[] position = after.save();
        return ByteBuffer.allocate(position.length + Integer.BYTES)
                .put(position)
                .putInt(gap)
                .array();
    }
}
