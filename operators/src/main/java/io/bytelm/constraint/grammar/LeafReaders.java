package io.bytelm.constraint.grammar;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The analyses of a position that are inside a leaf: each a cursor of the leaf, and the node to whose calls it returns. Used by one thread. */
final class LeafReaders {
    /** For a position in no leaf; nothing is added to it. */
    static final List<LeafReader> NONE = List.of();

    private static final int BYTES_PER_STEP = 16;

    /** One of them; immutable. @param state of the network that stands for the leaf */
    record LeafReader(int state, Cursor cursor, StackNode node) {
        ByteSet live(int bytesLeft) {
            int inLeaf = bytesLeft - node.fewest();
            return inLeaf <= 0 ? ByteSet.NONE : cursor.live(inLeaf);
        }

        int fewest() {
            return RuleNetwork.plus(cursor.fewestBytesToAccept(), node.fewest());
        }
    }

    /** Readers whose saved positions are the same go on in the same way. */
    private record Way(int state, StackNode node, ByteBuffer saved) {}

    private final GrammarWork work;
    private final List<LeafReader> readers = new ArrayList<>(1);
    private final Set<Way> known = new HashSet<>();

    LeafReaders(GrammarWork work) {
        this.work = work;
    }

    /** Adds one that can go on, unless it is there already. */
    void add(LeafReader reader) {
        if (readers.size() == 1) {
            known.add(way(readers.get(0)));
        }
        if (readers.isEmpty() || known.add(way(reader))) {
            work.tick();
            readers.add(reader);
        }
    }

    private Way way(LeafReader reader) {
        byte[] saved = reader.cursor().save();
        work.tick(1 + saved.length / BYTES_PER_STEP);
        return new Way(reader.state(), reader.node(), ByteBuffer.wrap(saved));
    }

    List<LeafReader> all() {
        return List.copyOf(readers);
    }
}
