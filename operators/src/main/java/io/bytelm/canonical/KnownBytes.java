package io.bytelm.canonical;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.service.ExpandRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads bytes that are all known and of which only the end matters. Which contexts lead there is known before the model is
 * asked: nearly all of them are those of the text's own tokens, and they are asked about together.
 *
 * @param known the bytes to read, and some that come after them
 * @param to one past the last to read
 */
record KnownBytes(CanonicalTree before, Lookahead known, int to) {
    private static final int FROM_HERE = 0;

    Step<CanonicalTree> run() {
        byte[] bytes = known.bytes();
        int from = known.at();
        if (from == to) {
            return Step.done(before);
        }
        Heads heads = before.heads();
        for (int at = from; at < to; at++) {
            heads = heads.read(bytes[at] & 0xFF);
        }
        long length = before.length() + to - from;
        Openings openings =
                before.openings().neededBy(heads.heads(), length, heads.rules().vocabulary());
        CanonicalTree end = new CanonicalTree(heads, openings, text(openings), length, before.params(), before.eos());
        return asking(end.withoutTheImpossible());
    }

    /** The last bytes, from where the oldest opening begins. */
    private byte[] text(Openings openings) {
        int kept = (int) Math.max(0, before.length() - openings.oldest());
        byte[] old = before.text();
        byte[] text = Arrays.copyOfRange(old, old.length - kept, old.length + to - known.at());
        System.arraycopy(known.bytes(), known.at(), text, kept, to - known.at());
        return text;
    }

    private Step<CanonicalTree> asking(CanonicalTree end) {
        Lookahead after = Lookahead.of(known.bytes(), to);
        int rowsFrom = known.rows() ? FROM_HERE : ExpandRequest.NO_ROWS;
        return end.evaluating(certain(end), after, rowsFrom).then(told -> told.evaluatingDue(after, rowsFrom));
    }

    /** What has to be asked about in any case: all, or where some may be deferred, what all ways to the end have in common. */
    private static List<Opening> certain(CanonicalTree end) {
        Map<Opening, Integer> waysThrough = new LinkedHashMap<>();
        Set<Opening> lacking = new HashSet<>();
        int ways = 0;
        for (Head head : end.heads().heads()) {
            if (!head.isClosed()) {
                ways++;
                long next = end.length();
                for (Opening at = end.openings().of(head);
                        at != null;
                        at = end.openings().parentOf(at)) {
                    waysThrough.merge(at, 1, Integer::sum);
                    Masses masses = at.masses();
                    if (masses == null || !masses.cover((int) (next - at.at()))) {
                        lacking.add(at);
                    }
                    next = at.at();
                }
            }
        }
        int least = end.params().defer() == 0 ? 1 : ways;
        return waysThrough.keySet().stream()
                .filter(opening -> lacking.contains(opening) && waysThrough.getOrDefault(opening, 0) >= least)
                .sorted(Comparator.comparingLong(Opening::at))
                .toList();
    }
}
