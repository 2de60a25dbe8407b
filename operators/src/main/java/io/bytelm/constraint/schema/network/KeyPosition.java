package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.whitespace.Place;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** In a key of an object, after its opening quote. */
final class KeyPosition extends Position {
    private final Enclosing enclosing;
    private final KeyRun[] runs;
    private final @Nullable KeyText text;
    private final boolean afterBackslash;

    private KeyPosition(Enclosing enclosing, KeyRun[] runs, @Nullable KeyText text, boolean afterBackslash) {
        super(enclosing.network);
        this.enclosing = enclosing;
        this.runs = runs;
        this.text = text;
        this.afterBackslash = afterBackslash;
    }

    /** @param enclosing what is around the object */
    static KeyPosition open(Enclosing enclosing, ObjectRun[] runs) {
        KeyRun[] keys = new KeyRun[runs.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = KeyRun.open(runs[i]);
        }
        return new KeyPosition(enclosing, keys, null, false);
    }

    /** Bytes of the key so far. */
    int depth() {
        return text == null ? 0 : text.length();
    }

    byte[] key() {
        return KeyText.toBytes(text);
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        if (nextByte == '"' && !afterBackslash) {
            return close();
        }
        KeyRun[] next = new KeyRun[runs.length];
        int count = 0;
        for (KeyRun run : runs) {
            KeyRun stepped = run.step(nextByte, depth());
            if (stepped != null) {
                next[count++] = stepped;
            }
        }
        if (count == 0) {
            return null;
        }
        return new KeyPosition(
                enclosing,
                count == runs.length ? next : Arrays.copyOf(next, count),
                KeyText.append(text, nextByte),
                nextByte == '\\' && !afterBackslash);
    }

    private @Nullable Position close() {
        ObjectRun[] closed = new ObjectRun[runs.length];
        int count = 0;
        for (KeyRun run : runs) {
            ObjectRun after = run.close(this);
            if (after != null) {
                closed[count++] = after;
            }
        }
        return count == 0
                ? null
                : BlankPosition.before(
                        new ObjectPosition(enclosing, Arrays.copyOf(closed, count), ObjectPhase.AFTER_KEY),
                        network.separators().beforeColon());
    }

    @Override
    ByteSet liveBytes() {
        long[] words = new long[4];
        for (KeyRun run : runs) {
            run.addLiveTo(words, depth());
        }
        return ByteSet.ofWords(words);
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        int[] after = enclosing.demand().after();
        for (KeyRun run : runs) {
            LiveKeys.add(run, this, bytesLeft - after[run.run().slot()], words);
        }
    }

    @Override
    @Nullable
    Place place() {
        return null;
    }

    @Override
    public int fewestBytesToAccept() {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (KeyRun run : runs) {
            int after = enclosing.demand().after()[run.run().slot()];
            fewest = Math.min(fewest, Fewest.sum(run.fewestToClose(depth()), after));
        }
        return fewest;
    }

    @Override
    Enclosing enclosing() {
        return enclosing;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(PositionWriter.KEY);
        out.number(runs.length);
        for (KeyRun run : runs) {
            run.run().writeTo(out);
        }
        out.bytes(key());
    }
}
