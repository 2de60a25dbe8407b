package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.automaton.ByteDfa;
import org.jspecify.annotations.Nullable;

/** An item of an array of {@link DistinctItems}, which is none of those that have come. */
final class DistinctRun extends ScalarRun {
    private final DistinctItems items;
    private final SortedKeys used;
    private final CheapestKeys.AfterOne after;
    private final @Nullable KeyText text;
    private final int state;
    /** Those that have come and begin so. */
    private final long range;

    private DistinctRun(
            int slot,
            DistinctItems items,
            SortedKeys used,
            CheapestKeys.AfterOne after,
            @Nullable KeyText text,
            int state,
            long range) {
        super(slot);
        this.items = items;
        this.used = used;
        this.after = after;
        this.text = text;
        this.state = state;
        this.range = range;
    }

    /** Before the first byte. */
    static DistinctRun open(int slot, DistinctItems items, SortedKeys used) {
        return new DistinctRun(slot, items, used, items.afterOneMore(used), null, 0, used.all());
    }

    private ByteDfa texts() {
        return items.texts.keys;
    }

    private int depth() {
        return text == null ? 0 : text.length();
    }

    /** The item so far. */
    byte[] text() {
        return KeyText.toBytes(text);
    }

    private boolean isAvailable(int next, long nextRange) {
        return items.texts.completions(next) > SortedKeys.size(nextRange);
    }

    @Override
    @Nullable
    DistinctRun step(int nextByte) {
        int next = texts().next(state, nextByte);
        if (next < 0) {
            return null;
        }
        long nextRange = used.narrow(range, depth(), nextByte);
        return isAvailable(next, nextRange)
                ? new DistinctRun(slot, items, used, after, KeyText.append(text, nextByte), next, nextRange)
                : null;
    }

    @Override
    ByteSet live() {
        ByteSet live = texts().live(state);
        if (SortedKeys.isEmpty(range) || items.texts.unlimitedAfterEveryByte(state)) {
            return live;
        }
        long[] words = new long[4];
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            if (isAvailable(texts().next(state, b), used.narrow(range, depth(), b))) {
                words[b >> 6] |= 1L << b;
            }
        }
        return ByteSet.ofWords(words);
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        if (everyByteFits(bytesLeft)) {
            live().addTo(words);
            return;
        }
        ByteSet live = texts().live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            DistinctRun next = texts().fewestBytesToAccept(texts().next(state, b)) < bytesLeft ? step(b) : null;
            if (next != null && next.fewestBytesToAccept() < bytesLeft) {
                words[b >> 6] |= 1L << b;
            }
        }
    }

    private boolean everyByteFits(int bytesLeft) {
        int taken = SortedKeys.size(range);
        int rest = taken == 0
                ? texts().fewestBytesAfterWorstByte(state)
                : items.texts.mostOfRestAfterAnyByte(state, taken);
        return Fewest.sum(1 + rest, after.most() - after.sum()) <= bytesLeft;
    }

    @Override
    boolean accepting() {
        return texts().accepting(state) && !used.endsAt(range, depth());
    }

    @Override
    boolean finished() {
        return accepting() && texts().live(state).isEmpty();
    }

    /** With what this item takes from those that must come. */
    @Override
    int fewestBytesToAccept() {
        int rest = texts().fewestBytesToAccept(state);
        while (!SortedKeys.isEmpty(range) && items.texts.countOfLength(state, rest) <= usedOfRest(rest)) {
            rest++;
        }
        return Fewest.sum(rest, items.dearness(after, depth() + rest));
    }

    private int usedOfRest(int rest) {
        int count = 0;
        for (int i = SortedKeys.first(range); i < SortedKeys.past(range); i++) {
            count += used.lengthOf(i) == depth() + rest ? 1 : 0;
        }
        return count;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(slot);
        out.bytes(text());
    }
}
