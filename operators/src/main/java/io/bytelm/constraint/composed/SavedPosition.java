package io.bytelm.constraint.composed;

import io.bytelm.constraint.SavedNumbers;
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
        SavedNumbers.put(out, states.length);
        for (int state : states) {
            SavedNumbers.put(out, state);
        }
        SavedNumbers.put(out, inLeaves.length);
        for (InLeaf inLeaf : inLeaves) {
            byte[] saved = inLeaf.cursor().save();
            SavedNumbers.put(out, inLeaf.leaf());
            SavedNumbers.put(out, inLeaf.returnState());
            SavedNumbers.put(out, saved.length);
            out.writeBytes(saved);
        }
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes are not a position of this constraint */
    static ComposedCursor read(ComposedConstraint constraint, byte[] saved) {
        ByteBuffer in = ByteBuffer.wrap(saved);
        Frame frame = constraint.frame();
        Reading reading = new Reading(constraint, 0);
        try {
            for (int left = SavedNumbers.get(in, saved.length); left > 0; left--) {
                reading.addState(SavedNumbers.get(in, frame.stateCount()));
            }
            for (int left = SavedNumbers.get(in, saved.length); left > 0; left--) {
                reading.add(readLeaf(constraint, in));
            }
        } catch (BufferUnderflowException e) {
            throw SavedNumbers.notAPosition();
        }
        if (in.hasRemaining() || reading.isEmpty()) {
            throw SavedNumbers.notAPosition();
        }
        return reading.position();
    }

    private static InLeaf readLeaf(ComposedConstraint constraint, ByteBuffer in) {
        Frame frame = constraint.frame();
        int leaf = SavedNumbers.get(in, frame.leaves().size());
        int returnState = SavedNumbers.get(in, frame.stateCount());
        byte[] inner = new byte[SavedNumbers.get(in, in.remaining() + 1)];
        in.get(inner);
        return new InLeaf(
                constraint, leaf, returnState, frame.leaves().get(leaf).restore(inner));
    }
}
