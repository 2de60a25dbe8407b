package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.whitespace.Place;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Before blanks that must come at a comma or a colon. */
final class BlankPosition extends Position {
    private final Position after;
    private final String blanks;

    private BlankPosition(Position after, String blanks) {
        super(after.network);
        this.after = after;
        this.blanks = blanks;
    }

    /** Before these blanks, or the position itself if there are none. */
    static Position before(Position after, String blanks) {
        return blanks.isEmpty() ? after : new BlankPosition(after, blanks);
    }

    @Override
    @Nullable
    Place place() {
        return null;
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        return nextByte == blanks.charAt(0) ? before(after, blanks.substring(1)) : null;
    }

    @Override
    ByteSet liveBytes() {
        return ByteSet.of(blanks.charAt(0));
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        if (fewestBytesToAccept() <= bytesLeft) {
            liveBytes().addTo(words);
        }
    }

    @Override
    public int fewestBytesToAccept() {
        return Fewest.sum(blanks.length(), after.fewestBytesToAccept());
    }

    @Override
    @Nullable
    Enclosing enclosing() {
        return after.enclosing();
    }

    @Override
    void writeTo(PositionWriter out) {
        after.writeTo(out);
        out.number(PositionWriter.BLANK);
        out.bytes(blanks.getBytes(StandardCharsets.US_ASCII));
    }
}
