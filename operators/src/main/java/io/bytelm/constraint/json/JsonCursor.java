package io.bytelm.constraint.json;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.whitespace.Gaps;
import io.bytelm.constraint.whitespace.Place;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A state of the {@link JsonAutomaton} and the containers that are open. */
final class JsonCursor implements Cursor {
    private final JsonConstraint constraint;
    private final int state;
    private final @Nullable OpenContainer open;

    JsonCursor(JsonConstraint constraint, int state, @Nullable OpenContainer open) {
        this.constraint = constraint;
        this.state = state;
        this.open = open;
    }

    @Override
    public @Nullable Cursor step(int nextByte) {
        int next = constraint.automaton().next(state, nextByte);
        if (next >= 0) {
            return new JsonCursor(constraint, next, open);
        }
        return switch (next) {
            case JsonAutomaton.OPEN_OBJECT -> open(true, Segment.FIRST_MEMBER);
            case JsonAutomaton.OPEN_ARRAY -> open(false, Segment.FIRST_ELEMENT);
            case JsonAutomaton.CLOSE -> close(open == null ? null : open.parent());
            default -> gap(nextByte);
        };
    }

    private @Nullable Cursor gap(int firstByte) {
        Gaps gaps = constraint.gaps();
        Place place = constraint.automaton().place(state);
        if (gaps == null || place == null) {
            return null;
        }
        int gap = gaps.next(Gaps.NOT_BEGUN, firstByte, place, OpenContainer.depthOf(open));
        return gap < 0 ? null : inGap(gaps, place, gap);
    }

    /** After some white space. */
    JsonGapCursor inGap(Gaps gaps, Place place, int gap) {
        JsonCursor after = new JsonCursor(constraint, constraint.automaton().afterGap(state, open), open);
        return new JsonGapCursor(after, gaps, place, gap, OpenContainer.depthOf(open));
    }

    JsonConstraint constraint() {
        return constraint;
    }

    @Nullable
    Place place() {
        return constraint.automaton().place(state);
    }

    private @Nullable JsonCursor open(boolean object, Segment inside) {
        return mayOpen() ? at(inside, new OpenContainer(object, open)) : null;
    }

    private JsonCursor close(@Nullable OpenContainer around) {
        if (around == null) {
            return at(Segment.AFTER_TOP_VALUE, null);
        }
        return at(around.object() ? Segment.AFTER_MEMBER : Segment.AFTER_ELEMENT, around);
    }

    private JsonCursor at(Segment segment, @Nullable OpenContainer container) {
        return new JsonCursor(constraint, constraint.automaton().start(segment), container);
    }

    private boolean mayOpen() {
        return OpenContainer.depthOf(open) < constraint.maxDepth();
    }

    @Override
    public ByteSet live() {
        Gaps gaps = constraint.gaps();
        Place place = gaps == null ? null : place();
        ByteSet tokens = liveInTokens();
        return gaps == null || place == null
                ? tokens
                : tokens.or(gaps.live(Gaps.NOT_BEGUN, place, OpenContainer.depthOf(open)));
    }

    /** Without the white space that may begin here. */
    ByteSet liveInTokens() {
        return constraint.automaton().live(state, mayOpen());
    }

    @Override
    public ByteSet live(int bytesLeft) {
        Gaps gaps = constraint.gaps();
        Place place = gaps == null ? null : place();
        ByteSet tokens = liveInTokens(bytesLeft);
        if (gaps == null || place == null) {
            return tokens;
        }
        long[] words = new long[4];
        tokens.addTo(words);
        gaps.addLive(Gaps.NOT_BEGUN, place, OpenContainer.depthOf(open), fewestBytesToAccept(), bytesLeft, words);
        return ByteSet.ofWords(words);
    }

    ByteSet liveInTokens(int bytesLeft) {
        int worst = constraint.automaton().fewestAfterWorstByte(state) + bytesThatCloseTheOuter();
        return worst < bytesLeft ? liveInTokens() : liveInTokens().retain(b -> fewestAfter(b) < bytesLeft);
    }

    private int fewestAfter(int nextByte) {
        int next = constraint.automaton().next(state, nextByte);
        return switch (next) {
            case JsonAutomaton.OPEN_OBJECT, JsonAutomaton.OPEN_ARRAY -> 1 + OpenContainer.depthOf(open);
            case JsonAutomaton.CLOSE -> bytesThatCloseTheOuter();
            default -> constraint.automaton().fewest(next) + bytesThatCloseTheOuter();
        };
    }

    @Override
    public boolean accepting() {
        return constraint.automaton().accepting(state);
    }

    @Override
    public int fewestBytesToAccept() {
        return constraint.automaton().fewest(state) + bytesThatCloseTheOuter();
    }

    /** One byte for each container around the innermost one. */
    private int bytesThatCloseTheOuter() {
        return Math.max(0, OpenContainer.depthOf(open) - 1);
    }

    /** The state (2 bytes), the depth (4 bytes), a bit for each open container from the outermost: 1 for an object. */
    @Override
    public byte[] save() {
        int depth = OpenContainer.depthOf(open);
        byte[] kinds = new byte[(depth + 7) / 8];
        for (OpenContainer c = open; c != null; c = c.parent()) {
            int level = c.depth() - 1;
            kinds[level / 8] |= (byte) ((c.object() ? 1 : 0) << level % 8);
        }
        return ByteBuffer.allocate(Short.BYTES + Integer.BYTES + kinds.length)
                .putShort((short) state)
                .putInt(depth)
                .put(kinds)
                .array();
    }
}
