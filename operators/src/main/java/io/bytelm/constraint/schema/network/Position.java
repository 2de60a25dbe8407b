package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.whitespace.Gaps;
import io.bytelm.constraint.whitespace.Place;
import io.bytelm.constraint.whitespace.Whitespace;
import org.jspecify.annotations.Nullable;

/** A position in a document: the innermost open value, and those around it by {@link Enclosing}. Immutable. */
public abstract class Position implements Cursor {
    final Network network;

    Position(Network network) {
        this.network = network;
    }

    @Override
    public final @Nullable Position step(int nextByte) {
        Whitespace whitespace = network.whitespace();
        Place place = Whitespace.contains(nextByte) ? place() : null;
        if (place == null) {
            return advance(nextByte);
        }
        Gaps gaps = whitespace.gaps();
        if (gaps == null) {
            return whitespace.unlimited() ? this : null;
        }
        return GapPosition.of(this, gaps, gaps.next(Gaps.NOT_BEGUN, nextByte, place, openContainers()));
    }

    @Override
    public final ByteSet live() {
        Whitespace whitespace = network.whitespace();
        Place place = whitespace.isNone() ? null : place();
        if (place == null) {
            return liveBytes();
        }
        Gaps gaps = whitespace.gaps();
        return liveBytes().or(gaps == null ? Whitespace.bytes() : gaps.live(Gaps.NOT_BEGUN, place, openContainers()));
    }

    @Override
    public final ByteSet live(int bytesLeft) {
        if (bytesLeft <= 0) {
            return ByteSet.NONE;
        }
        long[] words = new long[4];
        addLive(bytesLeft, words);
        Whitespace whitespace = network.whitespace();
        Place place = whitespace.isNone() ? null : place();
        if (place != null) {
            Gaps gaps = whitespace.gaps();
            if (gaps != null) {
                gaps.addLive(Gaps.NOT_BEGUN, place, openContainers(), fewestBytesToAccept(), bytesLeft, words);
            } else if (fewestBytesToAccept() < bytesLeft) {
                Whitespace.bytes().addTo(words);
            }
        }
        return ByteSet.ofWords(words);
    }

    /** How many arrays and objects are open. */
    final int openContainers() {
        int depth = 0;
        for (Position at = enclosing(); at != null; at = at.enclosing()) {
            depth++;
        }
        return depth;
    }

    @Override
    public boolean accepting() {
        return false;
    }

    @Override
    public byte[] save() {
        return PositionWriter.write(this);
    }

    /** The gap between tokens that this is; null inside a token. */
    abstract @Nullable Place place();

    abstract @Nullable Position advance(int nextByte);

    abstract ByteSet liveBytes();

    /** Adds those of {@link #liveBytes} after which the document can be completed within so many bytes to 256 bits. */
    abstract void addLive(int bytesLeft, long[] words);

    /** The position around this one's value; null at the root. */
    abstract @Nullable Enclosing enclosing();

    abstract void writeTo(PositionWriter out);
}
