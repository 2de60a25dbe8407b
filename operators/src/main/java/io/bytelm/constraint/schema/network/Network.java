package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.List;

/**
 * Programs for every value that a schema speaks of; they name each other by index. Immutable once built.
 *
 * @param whitespace between tokens
 */
public record Network(List<ValueProgram> values, int root, Whitespace whitespace) {
    ValueProgram value(int index) {
        return values.get(index);
    }

    /** The position before the first byte. */
    public Position start() {
        return new RootPosition(this);
    }

    /** Equal for networks with the same positions. */
    public long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(root);
        whitespace.addTo(fingerprint);
        values.forEach(value -> value.addTo(fingerprint));
        return fingerprint.value();
    }
}
