package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import org.jspecify.annotations.Nullable;

/** A string of a language with its code points counted, after its opening quote. */
final class MeasuredStringRun extends ScalarRun {
    private static final ByteSet QUOTE = ByteSet.of('"');

    private final int index;
    private final StringProgram program;
    private final LengthTable lengths;
    private final int place;
    private final int count;

    MeasuredStringRun(int slot, int index, StringProgram program, LengthTable lengths, int place, int count) {
        super(slot);
        this.index = index;
        this.program = program;
        this.lengths = lengths;
        this.place = place;
        this.count = count;
    }

    private int countAfter(LengthTable.Edge edge) {
        return edge.begins() && count < Integer.MAX_VALUE ? count + 1 : count;
    }

    private boolean canEnd() {
        return lengths.canEnd(place) && count >= program.min;
    }

    @Override
    @Nullable
    ScalarRun step(int nextByte) {
        for (LengthTable.Edge edge : lengths.edges(place)) {
            if (edge.bytes().contains(nextByte)) {
                int after = countAfter(edge);
                return lengths.canComplete(edge.target(), after)
                        ? new MeasuredStringRun(slot, index, program, lengths, edge.target(), after)
                        : null;
            }
        }
        return nextByte == '"' && canEnd() ? StringRun.closed(slot, index, program) : null;
    }

    @Override
    ByteSet live() {
        ByteSet bytes = canEnd() ? QUOTE : ByteSet.NONE;
        for (LengthTable.Edge edge : lengths.edges(place)) {
            if (lengths.canComplete(edge.target(), countAfter(edge))) {
                bytes = bytes.or(edge.bytes());
            }
        }
        return bytes;
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        if (canEnd() && bytesLeft > 0) {
            QUOTE.addTo(words);
        }
        for (LengthTable.Edge edge : lengths.edges(place)) {
            if (lengths.fewestBytesAfter(edge.target(), countAfter(edge)) < bytesLeft - 1) {
                edge.bytes().addTo(words);
            }
        }
    }

    @Override
    boolean accepting() {
        return false;
    }

    @Override
    boolean finished() {
        return false;
    }

    @Override
    int fewestBytesToAccept() {
        return Fewest.sum(1, lengths.fewestBytesAfter(place, count));
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.number(place + 1);
        out.number(count);
        out.number(0);
    }
}
