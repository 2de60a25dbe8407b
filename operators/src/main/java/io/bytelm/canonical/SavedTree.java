package io.bytelm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.vocab.BeginningIndex.Beginning;
import io.bytelm.vocab.CanonicalRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tree as plain data, without its tokenizer's rules and without what the service said, which can be asked again. A tree
 * that is restored goes on as if it had never been saved. Immutable.
 *
 * @param rules the fingerprint of the rules that it was read by
 * @param length how many bytes have been read
 * @param text the last of them, from where the oldest opening begins; not to be changed
 * @param recent the last of them, as far back as a piece of text has to be known whole; not to be changed
 * @param cuts as {@link io.bytelm.vocab.cuts.OpenCuts#saved} wrote them; not to be changed
 * @param openings each context once; those of the heads, and those that they wait for
 */
public record SavedTree(
        long rules,
        CanonicalParams params,
        EosReading eos,
        long length,
        byte[] text,
        byte[] recent,
        int[] cuts,
        List<SavedOpening> openings,
        List<SavedHead> heads) {
    /**
     * A context after which a token is open, or was.
     *
     * @param bytesBack how many bytes ago that token began
     * @param logWeight the log probability (nats) of the closed tokens; NaN while the context before its last token has not
     *     been evaluated
     * @param evaluated whether the model was asked about it
     */
    public record SavedOpening(TokenContext context, int bytesBack, double logWeight, boolean evaluated) {}

    /**
     * A way to read the text, as in {@link Head}.
     *
     * @param opening the place of its context among the openings
     */
    public record SavedHead(int opening, int open, long courses, long alone) {}

    public SavedTree {
        openings = List.copyOf(openings);
        heads = List.copyOf(heads);
    }

    static SavedTree of(CanonicalTree tree) {
        Map<TokenContext, Integer> places = new LinkedHashMap<>();
        List<SavedHead> heads = new ArrayList<>();
        for (Head head : tree.heads().heads()) {
            Opening opening = tree.openings().of(head);
            for (Opening at = opening;
                    at != null;
                    at = at.parent() == null ? null : tree.openings().of(at.parent())) {
                places.putIfAbsent(at.context(), places.size());
            }
            int place = places.getOrDefault(opening.context(), 0);
            heads.add(new SavedHead(place, head.open(), head.courses(), head.alone()));
        }
        List<SavedOpening> openings = places.keySet().stream()
                .map(context -> saved(tree.openings().of(context), tree.length()))
                .toList();
        Heads ways = tree.heads();
        return new SavedTree(
                ways.rules().fingerprint(),
                tree.params(),
                tree.eos(),
                tree.length(),
                tree.text(),
                ways.recentPiece(),
                ways.cuts().saved(),
                openings,
                heads);
    }

    private static SavedOpening saved(Opening opening, long length) {
        return new SavedOpening(
                opening.context(), (int) (length - opening.at()), opening.logWeight(), opening.masses() != null);
    }

    /** Whether it was read by these rules; others would misread its numbers. */
    public boolean isOf(CanonicalRules others) {
        return rules == others.fingerprint();
    }

    /**
     * The tree again.
     *
     * @param same the rules that it was read by
     * @throws IllegalArgumentException if its parts do not fit together
     */
    public CanonicalTree restored(CanonicalRules same) {
        try {
            Map<TokenContext, Opening> byContext = new HashMap<>();
            openings.forEach(opening -> byContext.put(opening.context(), restored(opening)));
            List<Head> ways = heads.stream().map(head -> restored(head, same)).toList();
            Heads restored = new Heads(same, same.start().restored(cuts), recent, ways);
            return new CanonicalTree(restored, new Openings(byContext), text, length, params, eos);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("damaged session: a way to read its text is not whole", e);
        }
    }

    private Opening restored(SavedOpening saved) {
        TokenContext parent = Double.isNaN(saved.logWeight()) ? saved.context().parent() : null;
        Masses masses = saved.evaluated() ? Masses.FORGOTTEN : null;
        return new Opening(saved.context(), length - saved.bytesBack(), parent, saved.logWeight(), masses);
    }

    private Head restored(SavedHead head, CanonicalRules same) {
        Beginning beginning = same.index().all();
        for (int at = text.length - head.open(); at < text.length; at++) {
            beginning = same.index().then(beginning, text[at] & 0xFF);
        }
        TokenContext context = openings.get(head.opening()).context();
        return new Head(context, head.open(), beginning, head.courses(), head.alone());
    }

    /** The context of each opening. While a tree reads, they only grow. */
    public List<TokenContext> contexts() {
        return openings.stream().map(SavedOpening::context).toList();
    }

    /** The same tree on other contexts, one for each opening. */
    public SavedTree withContexts(List<TokenContext> contexts) {
        List<SavedOpening> moved = new ArrayList<>();
        for (int i = 0; i < openings.size(); i++) {
            SavedOpening opening = openings.get(i);
            moved.add(new SavedOpening(contexts.get(i), opening.bytesBack(), opening.logWeight(), opening.evaluated()));
        }
        return new SavedTree(rules, params, eos, length, text, recent, cuts, moved, heads);
    }
}
