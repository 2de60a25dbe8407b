package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.whitespace.Separators;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.List;

/**
 * Programs for every value that a schema speaks of; they name each other by index. Immutable once built.
 *
 * @param whitespace between tokens
 * @param separators what always stands at commas and colons; the programs count its bytes
 */
public record Network(List<ValueProgram> values, int root, Whitespace whitespace, Separators separators) {
    /** Nothing by itself for the number of {@link DistinctItems}, which no index is. */
    ValueProgram value(int index) {
        return index < values.size() ? values.get(index) : ValueProgram.NOTHING;
    }

    /** The position before the first byte. */
    public Position start() {
        return new RootPosition(this);
    }

    /** Equal for networks with the same positions. */
    public long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(root);
        whitespace.addTo(fingerprint);
        separators.addTo(fingerprint);
        values.forEach(value -> value.addTo(fingerprint));
        return fingerprint.value();
    }
}
