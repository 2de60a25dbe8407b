package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.automaton.ByteDfa;

/** The bytes that may come in a key of an object that has only so many bytes left. Used by one thread. */
final class LiveKeys {
    private final KeyRun key;
    private final ObjectRun run;
    private final ObjectProgram program;
    private final KeyPosition position;
    private final int depth;
    private final int bytesLeft;

    private LiveKeys(KeyRun key, KeyPosition position, int bytesLeft) {
        this.key = key;
        this.run = key.run();
        this.program = run.program();
        this.position = position;
        this.depth = position.depth();
        this.bytesLeft = bytesLeft;
    }

    /**
     * Adds them to 256 bits.
     *
     * @param bytesLeft to the end of the object, the next byte among them
     */
    static void add(KeyRun key, KeyPosition position, int bytesLeft, long[] words) {
        LiveKeys keys = new LiveKeys(key, position, bytesLeft);
        if (keys.everyByteFits()) {
            key.addLiveTo(words, keys.depth);
            return;
        }
        keys.addNames(words);
        for (int c = 0; c < key.states().length; c++) {
            if (key.states()[c] >= 0) {
                keys.addClass(c, words);
            }
        }
        keys.addQuote(words);
    }

    private boolean everyByteFits() {
        if (!program.plain() || run.isUnmet()) {
            return false;
        }
        boolean fits = SortedKeys.isEmpty(key.names()) || ObjectCosts.mostOfAnotherName(run) <= bytesLeft;
        for (int c = 0; fits && c < key.states().length; c++) {
            int state = key.states()[c];
            fits = state < 0 || Fewest.sum(1 + mostOfRest(c, state), mostAfterRest(c)) <= bytesLeft;
        }
        return fits;
    }

    /** At least what is left of a key after any byte. */
    private int mostOfRest(int keyClass, int state) {
        KeyClassProgram keys = program.others().get(keyClass);
        int taken = SortedKeys.size(key.names()) + SortedKeys.size(key.used());
        return taken == 0 ? keys.keys.fewestBytesAfterWorstByte(state) : keys.mostOfRestAfterAnyByte(state, taken);
    }

    /** At least what is left from the closing quote of a key of a class to the end of the object. */
    private int mostAfterRest(int keyClass) {
        return Fewest.sum(
                program.fewestOfOther()[keyClass] - program.commaAndQuote(),
                run.costs().mostToCloseAfterOther(run));
    }

    private void addNames(long[] words) {
        for (int i = SortedKeys.first(key.names()); i < SortedKeys.past(key.names()); i++) {
            if (run.admits(i)) {
                int entry = program.fewestOfEntry()[i] - program.commaAndQuote() - depth;
                if (Fewest.sum(entry, ObjectCosts.toCloseAfterName(run, i)) <= bytesLeft) {
                    int b = program.names().byteAt(i, depth);
                    words[b >> 6] |= 1L << b;
                }
            }
        }
    }

    private void addClass(int keyClass, long[] words) {
        ByteDfa keys = program.others().get(keyClass).keys;
        int state = key.states()[keyClass];
        if (run.isUnmet()) {
            addEachByte(keyClass, words);
            return;
        }
        int shortest = depth + keys.fewestBytesToAccept(state);
        int entry = Fewest.sum(shortest, program.fewestOfOther()[keyClass]);
        if (!run.costs().isTheSameAfterOthersOf(run, entry)) {
            addEachByte(keyClass, words);
            return;
        }
        long[] fitting = new long[4];
        keys.addLive(state, bytesLeft - key.fewestFromClosingQuote(keyClass, shortest), fitting);
        takeOut(program.names(), key.names(), keyClass, fitting);
        takeOut(run.used(), key.used(), keyClass, fitting);
        for (int word = 0; word < words.length; word++) {
            words[word] |= fitting[word];
        }
    }

    /** One by one: the key is one of the cheapest, so how long it is says which keys are left to reach the least number. */
    private void addEachByte(int keyClass, long[] words) {
        ByteSet live = program.others().get(keyClass).keys.live(key.states()[keyClass]);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            if (fits(keyClass, b)) {
                words[b >> 6] |= 1L << b;
            }
        }
    }

    /** Takes out the bytes of keys that cannot come again where no other key that begins like them fits. */
    private void takeOut(SortedKeys keys, long range, int keyClass, long[] fitting) {
        for (int i = SortedKeys.first(range); i < SortedKeys.past(range); ) {
            int b = keys.lengthOf(i) == depth ? -1 : keys.byteAt(i, depth);
            if (b >= 0 && (fitting[b >> 6] >>> b & 1) != 0 && !fits(keyClass, b)) {
                fitting[b >> 6] &= ~(1L << b);
            }
            i = b < 0 ? i + 1 : SortedKeys.past(keys.narrow(range, depth, b));
        }
    }

    private boolean fits(int keyClass, int b) {
        int next = program.others().get(keyClass).keys.next(key.states()[keyClass], b);
        long names = program.names().narrow(key.names(), depth, b);
        long used = run.used().narrow(key.used(), depth, b);
        if (!key.isAvailable(keyClass, next, names, used)) {
            return false;
        }
        int rest = key.fewestOfRest(keyClass, next, names, used, depth + 1);
        return Fewest.sum(rest, key.fewestFromClosingQuote(keyClass, depth + 1 + rest)) < bytesLeft;
    }

    /** The end of a key that is not a name; that of a name was added with its bytes. */
    private void addQuote(long[] words) {
        int keyClass = key.closingClass(depth);
        if (keyClass < 0) {
            return;
        }
        boolean fits = key.fewestFromClosingQuote(keyClass, depth) <= bytesLeft;
        words['"' >> 6] |= fits ? 1L << '"' : 0;
    }
}
