package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.whitespace.Place;
import org.jspecify.annotations.Nullable;

/** Before the document. */
final class RootPosition extends Enclosing {
    private final Demand demand;

    RootPosition(Network network) {
        super(network);
        this.demand = Demand.ofOne(network.root(), 0);
    }

    @Override
    Demand demand() {
        return demand;
    }

    @Override
    Position resume(boolean[] accepted) {
        return new EndPosition(network);
    }

    @Override
    Place place() {
        return Place.OUTSIDE;
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        return begin(nextByte);
    }

    @Override
    ByteSet liveBytes() {
        return firstBytes();
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        demand.addLive(network, bytesLeft, words);
    }

    @Override
    public int fewestBytesToAccept() {
        return demand.fewestBytes(network);
    }

    @Override
    @Nullable
    Enclosing enclosing() {
        return null;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(PositionWriter.ROOT);
    }
}
