package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Fingerprint;
import java.util.List;

/**
 * Programs for every value that a schema speaks of; they name each other by index. Immutable once built.
 *
 * @param whitespace whether white space may stand between tokens
 */
public record Network(List<ValueProgram> values, int root, boolean whitespace) {
    ValueProgram value(int index) {
        return values.get(index);
    }

    /** The position before the first byte. */
    public Position start() {
        return new RootPosition(this);
    }

    /** Equal for networks with the same positions. */
    public long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(root).add(whitespace ? 1 : 0);
        values.forEach(value -> value.addTo(fingerprint));
        return fingerprint.value();
    }
}
