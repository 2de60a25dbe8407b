package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import org.jspecify.annotations.Nullable;

/** A string after its opening quote: of a language, or any string with its code points counted. */
final class StringRun extends ScalarRun {
    private static final int CLOSED = -1;
    private static final int OUTSIDE_ESCAPE = 0;
    private static final int AFTER_BACKSLASH = 1;
    private static final int HEX_DIGITS = 4;
    private static final ByteSet CONTINUATION = ByteSet.range(0x80, 0xBF);
    private static final ByteSet QUOTE = ByteSet.of('"');

    private final int index;
    private final StringProgram program;
    private final int state;
    private final int count;
    /** 0 outside an escape, 1 after a backslash, 1 + n before n more hexadecimal digits. */
    private final int escape;

    StringRun(int slot, int index, StringProgram program, int state, int count, int escape) {
        super(slot);
        this.index = index;
        this.program = program;
        this.state = state;
        this.count = count;
        this.escape = escape;
    }

    /** The same alternative in another state. */
    StringRun inState(int other) {
        return new StringRun(slot, index, program, other, 0, OUTSIDE_ESCAPE);
    }

    static ScalarRun open(int slot, int index, StringProgram program) {
        return of(slot, index, program, 0, 0, OUTSIDE_ESCAPE);
    }

    static ScalarRun of(int slot, int index, StringProgram program, int state, int count, int escape) {
        LengthTable lengths = program.lengths;
        return lengths == null || state == CLOSED
                ? new StringRun(slot, index, program, state, count, escape)
                : new MeasuredStringRun(slot, index, program, lengths, state, count);
    }

    @Override
    @Nullable
    ScalarRun step(int nextByte) {
        if (state == CLOSED) {
            return null;
        }
        int next = program.texts.next(state, nextByte);
        if (next < 0) {
            boolean closes = nextByte == '"' && program.texts.accepting(state) && count >= program.min;
            return closes ? closed(slot, index, program) : null;
        }
        if (!program.counted) {
            return program.runs.at(next, this);
        }
        boolean begins = escape == OUTSIDE_ESCAPE && !CONTINUATION.contains(nextByte);
        if (begins && count == program.max) {
            return null;
        }
        return new StringRun(slot, index, program, next, begins ? count + 1 : count, escapeAfter(nextByte));
    }

    static StringRun closed(int slot, int index, StringProgram program) {
        return new StringRun(slot, index, program, CLOSED, 0, OUTSIDE_ESCAPE);
    }

    private int escapeAfter(int nextByte) {
        if (escape == OUTSIDE_ESCAPE) {
            return nextByte == '\\' ? AFTER_BACKSLASH : OUTSIDE_ESCAPE;
        }
        return escape == AFTER_BACKSLASH
                ? (nextByte == 'u' ? AFTER_BACKSLASH + HEX_DIGITS : OUTSIDE_ESCAPE)
                : escape - 1 == AFTER_BACKSLASH ? OUTSIDE_ESCAPE : escape - 1;
    }

    @Override
    ByteSet live() {
        if (state == CLOSED) {
            return ByteSet.NONE;
        }
        if (!program.counted) {
            return program.live(state);
        }
        ByteSet bytes = program.texts.live(state);
        if (count == program.max && escape == OUTSIDE_ESCAPE) {
            bytes = bytes.and(CONTINUATION);
        }
        return count >= program.min && program.texts.accepting(state) ? bytes.or(QUOTE) : bytes;
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        if (state == CLOSED || bytesLeft <= 0) {
            return;
        }
        if (count >= program.min && program.texts.accepting(state)) {
            QUOTE.addTo(words);
        }
        int beforeQuote = bytesLeft - 1;
        if (!program.counted) {
            program.texts.addLive(state, beforeQuote, words);
            return;
        }
        boolean inside = escape != OUTSIDE_ESCAPE || isContinued();
        if (inside || count < program.max) {
            int missing = Math.max(0, program.min - (inside ? count : count + 1));
            program.texts.addLive(state, beforeQuote - missing, words);
        }
    }

    /** Whether a code point has begun that further bytes belong to; then nothing else can come. */
    private boolean isContinued() {
        int first = program.texts.live(state).nextMember(0);
        return CONTINUATION.contains(first);
    }

    @Override
    boolean accepting() {
        return state == CLOSED;
    }

    @Override
    boolean finished() {
        return state == CLOSED;
    }

    @Override
    int fewestBytesToAccept() {
        return state == CLOSED ? 0 : 1 + program.texts.fewestBytesToAccept(state) + Math.max(0, program.min - count);
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.number(state + 1);
        out.number(count);
        out.number(escape);
    }
}
