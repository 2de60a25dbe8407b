package io.bytelm.canonical;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.beam.Step.Ask;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service said before a tree asked for it. It changes no result: a tree goes the same way whether it finds an answer
 * here or is given it by the service. Not to be changed.
 */
public final class ToldAhead {
    /** Nothing. */
    public static final ToldAhead NOTHING =
            new ToldAhead(Map.of(), new KnownStretch(new byte[0], 0, 0, false), 0, List.of());

    private final Map<TokenContext, Told> byContext;
    private final KnownStretch stretch;
    private final long lengthBefore;
    private final List<Heads> ways;

    /** A request and its answer. */
    record Told(ExpandRequest request, Expansion answer) {
        /** Whether it answers another request about the same context. */
        boolean answers(ExpandRequest other) {
            return other.rowsFrom() >= request.rowsFrom()
                    && other.silencesSpecials() == request.silencesSpecials()
                    && Arrays.equals(other.eosTokens(), request.eosTokens())
                    && followsPathOf(other);
        }

        private boolean followsPathOf(ExpandRequest other) {
            byte[] path = request.path();
            byte[] wanted = other.path();
            int shared = Arrays.mismatch(path, wanted);
            return shared < 0 || shared == wanted.length || shared > answer.depth();
        }
    }

    /**
     * @param lengthBefore how many bytes were read before the stretch
     * @param ways the heads before the stretch, and after each of its bytes that was followed
     */
    ToldAhead(Map<TokenContext, Told> byContext, KnownStretch stretch, long lengthBefore, List<Heads> ways) {
        this.byContext = byContext;
        this.stretch = stretch;
        this.lengthBefore = lengthBefore;
        this.ways = ways;
    }

    /** As {@link CanonicalTree#advance}, along the stretch. */
    public Step<CanonicalTree> advance(CanonicalTree tree, Lookahead known) {
        byte next = known.bytes()[known.at()];
        long at = tree.length() - lengthBefore;
        boolean followed = at >= 0
                && at + 1 < ways.size()
                && ways.get((int) at) == tree.heads()
                && stretch.bytes()[stretch.from() + (int) at] == next;
        Heads longer = followed ? ways.get((int) at + 1) : tree.heads().read(next & 0xFF);
        return answering(tree.advance(known, longer));
    }

    /** As {@link CanonicalTree#predict}. */
    public Step<CanonicalPrediction> predict(CanonicalTree tree) {
        return answering(tree.predict());
    }

    /** The same computation, which asks the service only for what is not here. */
    private <T> Step<T> answering(Step<T> step) {
        Step<T> at = step;
        while (at instanceof Ask<T> ask) {
            List<ExpandRequest> missing = ask.requests().stream()
                    .filter(request -> answerTo(request) == null)
                    .toList();
            if (!missing.isEmpty()) {
                return new Ask<>(
                        missing, answers -> answering(ask.then().apply(all(ask.requests(), answers))), ask.healings());
            }
            at = ask.then().apply(all(ask.requests(), List.of())).plusHealings(ask.healings());
        }
        return at;
    }

    private @Nullable Expansion answerTo(ExpandRequest request) {
        Told told = byContext.get(request.context());
        return told != null && told.answers(request) ? told.answer() : null;
    }

    private List<Expansion> all(List<ExpandRequest> requests, List<Expansion> ofMissing) {
        List<Expansion> all = new ArrayList<>(requests.size());
        int next = 0;
        for (ExpandRequest request : requests) {
            Expansion known = answerTo(request);
            all.add(known == null ? ofMissing.get(next++) : known);
        }
        return all;
    }
}
