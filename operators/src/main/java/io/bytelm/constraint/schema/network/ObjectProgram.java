package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.whitespace.Separators;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects by their keys; each key at most once. A name is a key that the schema mentions, by its index in {@code names}.
 * Can be satisfied.
 *
 * @param names as they stand between the quotes
 * @param order {@code [names]} the place in the schema
 * @param valueOf {@code [names]} index of the values, -1 where the key may not come
 * @param fewestOfEntry {@code [names]} the shortest comma, key, colon and value
 * @param required set of names
 * @param dependent {@code [names]} set of all names that must come if a name does; null where none must
 * @param others classes without a common key; names do not count as their keys
 * @param keysOfLength {@code [others][length]} how many keys of a class there are, as far as {@code min} can need them
 * @param max at least the number of required names
 * @param ordered whether names come in the schema's order, and other keys after them
 * @param mostOfEntry the largest of {@code fewestOfEntry} of the names that may come
 * @param plain whether keys come in any order and none requires another one
 * @param comma bytes of what stands between two entries
 * @param witness what some keys without a name must have as their values; null if none must
 */
public record ObjectProgram(
        SortedKeys names,
        int[] order,
        int[] valueOf,
        int[] fewestOfEntry,
        long[] required,
        List<long @Nullable []> dependent,
        List<KeyClassProgram> others,
        int[] fewestOfOther,
        List<long[]> keysOfLength,
        int min,
        int max,
        boolean ordered,
        int mostOfEntry,
        boolean plain,
        int comma,
        @Nullable WitnessProgram witness) {
    static final int FORBIDDEN = -1;

    /** The two quotes, the colon and the comma of an entry, with the blanks beside them. */
    public static int punctuationBytes(Separators separators) {
        return 2 + separators.colonBytes() + separators.commaBytes();
    }

    /** What stands between two entries, and the quote that opens a key. */
    int commaAndQuote() {
        return comma + 1;
    }

    /** Whether a name is a key of a class too, so that one key less is left in the class. */
    boolean isAmong(int name, int keyClass) {
        return others.get(keyClass).keys.accepts(names.get(name));
    }

    /** How many different keys an object can have; {@link Long#MAX_VALUE} for no limit. */
    public long availableKeys() {
        long available = availableOthers(SortedKeys.NONE);
        for (int value : valueOf) {
            available += value == FORBIDDEN || available == KeyClassProgram.UNLIMITED ? 0 : 1;
        }
        return available;
    }

    /** How many keys without a name there are that are not used yet. */
    long availableOthers(SortedKeys used) {
        long available = 0;
        for (int c = 0; c < others.size(); c++) {
            long all = others.get(c).completions(0);
            if (all == KeyClassProgram.UNLIMITED) {
                return all;
            }
            available += all - excluded(c, used, names.all(), used.all());
        }
        return available;
    }

    /** How many keys of a class are names or used, within ranges of both. */
    int excluded(int keyClass, SortedKeys used, long nameRange, long usedRange) {
        int excluded = 0;
        for (int i = SortedKeys.first(nameRange); i < SortedKeys.past(nameRange); i++) {
            excluded += isAmong(i, keyClass) ? 1 : 0;
        }
        for (int i = SortedKeys.first(usedRange); i < SortedKeys.past(usedRange); i++) {
            excluded += others.get(keyClass).keys.accepts(used.get(i)) ? 1 : 0;
        }
        return excluded;
    }

    /** The same for keys of this many bytes. */
    int excludedOfLength(int keyClass, SortedKeys used, long nameRange, long usedRange, int length) {
        int excluded = 0;
        for (int i = SortedKeys.first(nameRange); i < SortedKeys.past(nameRange); i++) {
            excluded += names.get(i).length == length && isAmong(i, keyClass) ? 1 : 0;
        }
        for (int i = SortedKeys.first(usedRange); i < SortedKeys.past(usedRange); i++) {
            byte[] key = used.get(i);
            excluded += key.length == length && others.get(keyClass).keys.accepts(key) ? 1 : 0;
        }
        return excluded;
    }

    /** The shortest object. */
    public int fewestBytes() {
        return Fewest.sum(1, ObjectRun.open(0, 0, this).fewestFromOpen());
    }

    void addTo(Fingerprint fingerprint) {
        for (int i = 0; i < names.size(); i++) {
            for (byte b : names.get(i)) {
                fingerprint.add(b);
            }
            fingerprint.add(256 + order[i]).add(valueOf[i]);
            long[] more = dependent.get(i);
            for (int j = 0; more != null && j < more.length; j++) {
                fingerprint.add(more[j]);
            }
        }
        for (long word : required) {
            fingerprint.add(word);
        }
        others.forEach(c -> fingerprint.add(c.keys.fingerprint()).add(c.value));
        fingerprint.add(min).add(max).add(ordered ? 1 : 0);
        if (witness != null) {
            witness.addTo(fingerprint);
        }
    }
}
