package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import org.jspecify.annotations.Nullable;

/** A position in a document: the innermost open value, and those around it by {@link Enclosing}. Immutable. */
public abstract class Position implements Cursor {
    private static final ByteSet WHITESPACE = ByteSet.of(' ', '\t', '\n', '\r');

    final Network network;

    Position(Network network) {
        this.network = network;
    }

    @Override
    public final @Nullable Position step(int nextByte) {
        if (network.whitespace() && betweenTokens() && WHITESPACE.contains(nextByte)) {
            return this;
        }
        return advance(nextByte);
    }

    @Override
    public final ByteSet live() {
        return network.whitespace() && betweenTokens() ? liveBytes().or(WHITESPACE) : liveBytes();
    }

    @Override
    public final ByteSet live(int bytesLeft) {
        if (bytesLeft <= 0) {
            return ByteSet.NONE;
        }
        long[] words = new long[4];
        addLive(bytesLeft, words);
        if (network.whitespace() && betweenTokens() && fewestBytesToAccept() < bytesLeft) {
            WHITESPACE.addTo(words);
        }
        return ByteSet.ofWords(words);
    }

    @Override
    public boolean accepting() {
        return false;
    }

    @Override
    public byte[] save() {
        return PositionWriter.write(this);
    }

    /** Whether white space may come and changes nothing. */
    abstract boolean betweenTokens();

    abstract @Nullable Position advance(int nextByte);

    abstract ByteSet liveBytes();

    /** Adds those of {@link #liveBytes} after which the document can be completed within so many bytes to 256 bits. */
    abstract void addLive(int bytesLeft, long[] words);

    /** The position around this one's value; null at the root. */
    abstract @Nullable Enclosing enclosing();

    abstract void writeTo(PositionWriter out);
}
