package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.whitespace.Place;
import org.jspecify.annotations.Nullable;

/** After the document. */
final class EndPosition extends Position {
    EndPosition(Network network) {
        super(network);
    }

    @Override
    Place place() {
        return Place.OUTSIDE;
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        return null;
    }

    @Override
    ByteSet liveBytes() {
        return ByteSet.NONE;
    }

    @Override
    void addLive(int bytesLeft, long[] words) {}

    @Override
    public boolean accepting() {
        return true;
    }

    @Override
    public int fewestBytesToAccept() {
        return 0;
    }

    @Override
    @Nullable
    Enclosing enclosing() {
        return null;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(PositionWriter.END);
    }
}
