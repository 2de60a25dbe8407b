package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.List;

/**
 * What one value may be: any of these. Can be satisfied.
 *
 * @param scalars numbers and literals
 * @param fewestBytes the shortest value
 */
public record ValueProgram(
        List<ByteDfa> scalars,
        List<StringProgram> strings,
        List<ArrayProgram> arrays,
        List<ObjectProgram> objects,
        int fewestBytes,
        ByteSet firstBytes) {

    public ValueProgram(
            List<ByteDfa> scalars,
            List<StringProgram> strings,
            List<ArrayProgram> arrays,
            List<ObjectProgram> objects,
            int fewestBytes) {
        this(scalars, strings, arrays, objects, fewestBytes, firstBytes(scalars, strings, arrays, objects));
    }

    private static ByteSet firstBytes(List<ByteDfa> scalars, List<?> strings, List<?> arrays, List<?> objects) {
        ByteSet bytes = ByteSet.NONE;
        for (ByteDfa scalar : scalars) {
            bytes = bytes.or(scalar.live(0));
        }
        bytes = strings.isEmpty() ? bytes : bytes.or(ByteSet.of('"'));
        bytes = arrays.isEmpty() ? bytes : bytes.or(ByteSet.of('['));
        return objects.isEmpty() ? bytes : bytes.or(ByteSet.of('{'));
    }

    void addTo(Fingerprint fingerprint) {
        scalars.forEach(dfa -> fingerprint.add(dfa.fingerprint()));
        strings.forEach(program -> program.addTo(fingerprint.add(-1)));
        arrays.forEach(program -> program.addTo(fingerprint.add(-2)));
        objects.forEach(program -> program.addTo(fingerprint.add(-3)));
    }
}
