package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of an object, some bytes into a key.
 *
 * @param names the names that begin with these bytes
 * @param used the keys that begin with these bytes, are not names, and have come before
 * @param states {@code [classes]} of the automata of the other keys
 */
record KeyRun(ObjectRun run, long names, long used, int[] states) {
    static KeyRun open(ObjectRun run) {
        int classes = run.admitsOther() ? run.program().others().size() : 0;
        KeyRun open = new KeyRun(run, run.program().names().all(), run.used().all(), new int[classes]);
        for (int c = 0; c < classes; c++) {
            boolean mayBegin = run.admitsOther(c) && open.isAvailable(c, 0, open.names, open.used);
            open.states[c] = mayBegin ? 0 : ByteDfa.DEAD;
        }
        return open;
    }

    /** After one more byte of the key; null if no key that may come goes on with it. */
    @Nullable
    KeyRun step(int nextByte, int depth) {
        long nextNames = run.program().names().narrow(names, depth, nextByte);
        long nextUsed = run.used().narrow(used, depth, nextByte);
        int[] nextStates = states.length == 0 ? states : new int[states.length];
        boolean alive = false;
        for (int c = 0; c < states.length; c++) {
            int next = states[c] < 0
                    ? ByteDfa.DEAD
                    : run.program().others().get(c).keys.next(states[c], nextByte);
            nextStates[c] = next >= 0 && isAvailable(c, next, nextNames, nextUsed) ? next : ByteDfa.DEAD;
            alive |= nextStates[c] >= 0;
        }
        for (int i = SortedKeys.first(nextNames); !alive && i < SortedKeys.past(nextNames); i++) {
            alive = run.admits(i);
        }
        return alive ? new KeyRun(run, nextNames, nextUsed, nextStates) : null;
    }

    /** Whether the class has a key that may come, after bytes that lead to a state and to these ranges. */
    boolean isAvailable(int keyClass, int state, long nameRange, long usedRange) {
        long all = run.program().others().get(keyClass).completions(state);
        return all == KeyClassProgram.UNLIMITED
                || all > run.program().excluded(keyClass, run.used(), nameRange, usedRange);
    }

    /** After the closing quote; null if the key may not end here. */
    @Nullable
    ObjectRun close(KeyPosition position) {
        int depth = position.depth();
        if (run.program().names().endsAt(names, depth)) {
            int name = SortedKeys.first(names);
            return run.admits(name) ? run.withName(name) : null;
        }
        int keyClass = closingClass(depth);
        return keyClass < 0 ? null : run.withOther(position.key(), keyClass);
    }

    /** The class of the key if it may end here and is not a name; else -1. */
    int closingClass(int depth) {
        if (run.program().names().endsAt(names, depth) || run.used().endsAt(used, depth)) {
            return -1;
        }
        for (int c = 0; c < states.length; c++) {
            if (states[c] >= 0 && run.program().others().get(c).keys.accepting(states[c])) {
                return c;
            }
        }
        return -1;
    }

    /** Adds the bytes that may come to a set of 256 bits. */
    void addLiveTo(long[] words, int depth) {
        for (int i = SortedKeys.first(names); i < SortedKeys.past(names); i++) {
            if (run.admits(i)) {
                int b = run.program().names().byteAt(i, depth);
                words[b >> 6] |= 1L << b;
            }
        }
        for (int c = 0; c < states.length; c++) {
            if (states[c] >= 0) {
                addLiveOfClass(c, words, depth);
            }
        }
        if (closingClass(depth) >= 0) {
            words['"' >> 6] |= 1L << '"';
        }
    }

    private void addLiveOfClass(int keyClass, long[] words, int depth) {
        KeyClassProgram program = run.program().others().get(keyClass);
        int state = states[keyClass];
        ByteSet live = program.keys.live(state);
        if (program.unlimitedAfterEveryByte(state)) {
            for (int i = 0; i < words.length; i++) {
                words[i] |= live.word(i);
            }
            return;
        }
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            long nextNames = run.program().names().narrow(names, depth, b);
            long nextUsed = run.used().narrow(used, depth, b);
            if (isAvailable(keyClass, program.keys.next(state, b), nextNames, nextUsed)) {
                words[b >> 6] |= 1L << b;
            }
        }
    }

    /** The fewest bytes to the end of the object. */
    int fewestToClose(int depth) {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (int i = SortedKeys.first(names); i < SortedKeys.past(names); i++) {
            if (run.admits(i)) {
                int entry = run.program().fewestOfEntry()[i] - run.program().commaAndQuote() - depth;
                fewest = Math.min(fewest, Fewest.sum(entry, ObjectCosts.toCloseAfterName(run, i)));
            }
        }
        for (int c = 0; c < states.length; c++) {
            if (states[c] >= 0) {
                int rest = fewestOfRest(c, states[c], names, used, depth);
                fewest = Math.min(fewest, Fewest.sum(rest, fewestFromClosingQuote(c, depth + rest)));
            }
        }
        return fewest;
    }

    /** The fewest bytes from the closing quote of a key of so many bytes that is not a name to the end of the object. */
    int fewestFromClosingQuote(int keyClass, int length) {
        if (run.isUnmet()) {
            int toClose = run.costs().toCloseBeforeOther(run, keyClass, length);
            return toClose >= Cursor.VERY_MANY_BYTES
                    ? toClose
                    : toClose - run.program().commaAndQuote();
        }
        int entry = run.program().fewestOfOther()[keyClass];
        return Fewest.sum(
                entry - run.program().commaAndQuote(), run.costs().toCloseAfterOther(run, Fewest.sum(length, entry)));
    }

    /** The fewest bytes from a state to the end of a key of the class that may come; there is one. */
    int fewestOfRest(int keyClass, int state, long nameRange, long usedRange, int depth) {
        KeyClassProgram program = run.program().others().get(keyClass);
        int length = program.keys.fewestBytesToAccept(state);
        if (SortedKeys.isEmpty(nameRange) && SortedKeys.isEmpty(usedRange)) {
            return length;
        }
        while (program.countOfLength(state, length)
                <= run.program().excludedOfLength(keyClass, run.used(), nameRange, usedRange, depth + length)) {
            length++;
        }
        return length;
    }
}
