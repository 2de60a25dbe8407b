package io.bytelm.constraint.composed;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A composed position as bytes: a count, states of the frame; a count, and for each leaf its number, the state to which it
 * returns, and its own saved position after its length. Numbers take 7 bits a byte.
 */
final class SavedPosition {
    private SavedPosition() {}

    static byte[] write(int[] states, InLeaf[] inLeaves) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        putNumber(out, states.length);
        for (int state : states) {
            putNumber(out, state);
        }
        putNumber(out, inLeaves.length);
        for (InLeaf inLeaf : inLeaves) {
            byte[] saved = inLeaf.cursor().save();
            putNumber(out, inLeaf.leaf());
            putNumber(out, inLeaf.returnState());
            putNumber(out, saved.length);
            out.writeBytes(saved);
        }
        return out.toByteArray();
    }

    private static void putNumber(ByteArrayOutputStream out, int number) {
        int rest = number;
        while (rest > 0x7F) {
            out.write((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** @throws IllegalArgumentException if the bytes are not a position of this constraint */
    static ComposedCursor read(ComposedConstraint constraint, byte[] saved) {
        ByteBuffer in = ByteBuffer.wrap(saved);
        Frame frame = constraint.frame();
        Reading reading = new Reading(constraint, 0);
        try {
            for (int left = getNumber(in, saved.length); left > 0; left--) {
                reading.addState(getNumber(in, frame.stateCount()));
            }
            for (int left = getNumber(in, saved.length); left > 0; left--) {
                reading.add(readLeaf(constraint, in));
            }
        } catch (BufferUnderflowException e) {
            throw notAPosition();
        }
        if (in.hasRemaining() || reading.isEmpty()) {
            throw notAPosition();
        }
        return reading.position();
    }

    private static InLeaf readLeaf(ComposedConstraint constraint, ByteBuffer in) {
        Frame frame = constraint.frame();
        int leaf = getNumber(in, frame.leaves().size());
        int returnState = getNumber(in, frame.stateCount());
        byte[] inner = new byte[getNumber(in, in.remaining() + 1)];
        in.get(inner);
        return new InLeaf(
                constraint, leaf, returnState, frame.leaves().get(leaf).restore(inner));
    }

    private static int getNumber(ByteBuffer in, int limit) {
        int number = 0;
        int shift = 0;
        int b;
        do {
            b = in.get();
            number |= (b & 0x7F) << shift;
            shift += 7;
        } while (b < 0 && shift < 28);
        if (b < 0 || number >= limit) {
            throw notAPosition();
        }
        return number;
    }

    private static IllegalArgumentException notAPosition() {
        return new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }
}
