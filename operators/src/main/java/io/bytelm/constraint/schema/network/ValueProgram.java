package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.List;

/**
 * What one value may be: any of these. Can be satisfied.
 *
 * @param scalars numbers and literals
 * @param fewestBytes the shortest value
 * @param firstBytes what each kind of value begins with
 */
public record ValueProgram(
        List<ByteDfa> scalars,
        List<StringProgram> strings,
        List<ArrayProgram> arrays,
        List<ObjectProgram> objects,
        int fewestBytes,
        FirstBytes firstBytes) {
    /** No value. */
    static final ValueProgram NOTHING =
            new ValueProgram(List.of(), List.of(), List.of(), List.of(), Cursor.VERY_MANY_BYTES);

    public ValueProgram(
            List<ByteDfa> scalars,
            List<StringProgram> strings,
            List<ArrayProgram> arrays,
            List<ObjectProgram> objects,
            int fewestBytes) {
        this(scalars, strings, arrays, objects, fewestBytes, FirstBytes.of(scalars, strings, arrays, objects));
    }

    void addTo(Fingerprint fingerprint) {
        scalars.forEach(dfa -> fingerprint.add(dfa.fingerprint()));
        strings.forEach(program -> program.addTo(fingerprint.add(-1)));
        arrays.forEach(program -> program.addTo(fingerprint.add(-2)));
        objects.forEach(program -> program.addTo(fingerprint.add(-3)));
    }
}
