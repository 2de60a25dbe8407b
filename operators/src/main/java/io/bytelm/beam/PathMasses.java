package io.bytelm.beam;

import io.bytelm.service.Expansion;
import java.util.HashMap;
import java.util.Map;

/**
 * What the service said after one context along one path of bytes.
 *
 * @param path the bytes that were asked about. Where the expansion is shorter, no token goes on with the next byte of the
 *     path; where it is not, the path has ended and more has to be asked. Not to be changed.
 * @param expansion the answer
 * @param ofExtensions the same for contexts that are longer by one token, by that token; only those already asked for
 */
public record PathMasses(byte[] path, Expansion expansion, Map<Integer, PathMasses> ofExtensions) {
    /** What is known of the way from a node of the trie by one symbol. */
    enum Edge {
        PRESENT,
        ABSENT,
        UNKNOWN
    }

    static PathMasses of(byte[] path, Expansion expansion) {
        return new PathMasses(path, expansion, Map.of());
    }

    /** Whether some token goes on with {@code nextByte} after the path's first {@code depth} bytes. */
    Edge edge(int depth, int nextByte) {
        if (depth >= path.length || (path[depth] & 0xFF) != nextByte) {
            return Edge.UNKNOWN;
        }
        return depth < expansion.depth() ? Edge.PRESENT : Edge.ABSENT;
    }

    double logMass(int depth) {
        return expansion.logMass()[depth];
    }

    boolean hasRow(int depth) {
        return expansion.rows()[depth] != null;
    }

    PathMasses remembering(int token, PathMasses ofExtension) {
        Map<Integer, PathMasses> more = new HashMap<>(ofExtensions);
        more.put(token, ofExtension);
        return new PathMasses(path, expansion, Map.copyOf(more));
    }

    PathMasses withoutExtensions() {
        return ofExtensions.isEmpty() ? this : of(path, expansion);
    }
}
