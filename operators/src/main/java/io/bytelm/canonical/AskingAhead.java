package io.bytelm.canonical;

import io.bytelm.beam.Step;
import io.bytelm.canonical.ContextsAhead.Node;
import io.bytelm.canonical.ToldAhead.Told;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks along known bytes for what a tree will ask for when it reads them one after the other. Which contexts there are is
 * known from the rules alone. Where nothing is deferred, all of them are needed, and they are asked for together. Where
 * contexts are deferred, those are asked for that all ways to the end have in common, and in turns those that hold more than
 * the share at some byte, by what is known until then. More knowledge never makes a sum's upper end larger, so what
 * is due once stays due: nearly nothing is asked for that the tree would not ask for, and nothing that it needs is left out.
 *
 * @param atOnce how many contexts are asked for at once at most
 */
record AskingAhead(CanonicalTree tree, KnownStretch stretch, int atOnce) {
    /** @throws IllegalArgumentException if nothing could be asked at once */
    AskingAhead {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least 1 context must be asked for at once, got " + atOnce);
        }
    }

    /** What is known so far; changed by the one computation that it belongs to. */
    private record Turn(ContextsAhead contexts, Map<TokenContext, Told> told, List<Node> due) {}

    Step<ToldAhead> run() {
        ContextsAhead contexts = ContextsAhead.along(tree, stretch);
        List<Node> first = isExact() ? contexts.lacking() : contexts.neededFirst();
        return Step.loop(new Turn(contexts, new HashMap<>(), first), turn -> !turn.due.isEmpty(), this::asking)
                .map(turn -> new ToldAhead(turn.told, stretch, tree.length(), turn.contexts.ways()));
    }

    private Step<Turn> asking(Turn turn) {
        List<Node> now = turn.due.subList(0, Math.min(atOnce, turn.due.size()));
        List<Node> later = turn.due.subList(now.size(), turn.due.size());
        List<ExpandRequest> requests = now.stream().map(this::request).toList();
        return Step.ask(requests, answers -> {
            for (int i = 0; i < requests.size(); i++) {
                ExpandRequest request = requests.get(i);
                Expansion answer = answers.get(i);
                now.get(i).tell(new Masses(request.path(), answer));
                turn.told.put(request.context(), new Told(request, answer));
            }
            return Step.done(new Turn(turn.contexts, turn.told, later.isEmpty() ? due(turn.contexts) : later));
        });
    }

    private boolean isExact() {
        return tree.params().defer() == 0;
    }

    private List<Node> due(ContextsAhead contexts) {
        return isExact() ? List.of() : contexts.due();
    }

    private ExpandRequest request(Node node) {
        long rowsFrom = stretch.rows() ? tree.length() + 1 : ExpandRequest.NO_ROWS;
        return new ContextRequests(tree, stretch.lookahead()).about(node.context(), node.at(), rowsFrom);
    }
}
