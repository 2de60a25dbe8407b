package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import io.bytelm.record.SettledTokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one session that have settled, as a tree whose nodes are numbered from 1, and how its contexts hang on it.
 * In the small part of the session's state a context begins with the number of the node that it goes on from (0 for none),
 * in the place of all tokens up to there.
 *
 * <p>What all contexts share settles first, and costs its tokens once. Where contexts stay apart for long, as equally
 * probable tokenizations of an old word do, their branches settle too, so that the small part stays small.
 */
final class SettledTree {
    /** What all contexts share settles in runs of at least so many tokens. */
    static final int TOKENS_PER_RUN = 32;

    /** The most tokens of a context that have not settled, once it is stored. */
    static final int MOST_LOOSE = 96;

    /** When there were more, so many are left: most branches are shorter, and never settle. */
    private static final int LOOSE_AGAIN = 48;

    private final List<TokenContext> nodes = new ArrayList<>();
    private final Map<TokenContext, Integer> numbers = new IdentityHashMap<>();
    private int size;

    /** The tree that these runs make, in the order in which they were appended. */
    static SettledTree of(Iterable<SettledTokens> runs) {
        SettledTree tree = new SettledTree();
        for (SettledTokens run : runs) {
            TokenContext at = tree.node(run.follows());
            for (int token : run.tokens()) {
                at = at == null ? TokenContext.startingWith(token) : at.plus(token);
                tree.nodes.add(at);
            }
        }
        tree.size = tree.nodes.size();
        return tree;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whole contexts from stored ones. This tree remembers where they hang, and forgets its other nodes. */
    List<TokenContext> joined(List<TokenContext> stored) {
        ContextGraft graft = new ContextGraft(null);
        for (TokenContext context : stored) {
            TokenContext first = context.first(1);
            TokenContext node = node(first.lastToken());
            graft.replace(first, node);
            if (node != null) {
                numbers.put(node, first.lastToken());
            }
        }
        nodes.clear();
        return graft.moved(stored);
    }

    /** Whether any of these contexts goes on from this tree. */
    boolean holdsBeginningOf(List<TokenContext> contexts) {
        return contexts.stream().anyMatch(context -> settledPart(context) != null);
    }

    /** Lets tokens of these contexts settle if enough of them have come; the runs are to be appended to the list. */
    List<SettledTokens> settle(List<TokenContext> contexts) {
        int longest = contexts.stream().mapToInt(TokenContext::length).max().orElse(0);
        int mostLoose = contexts.stream().mapToInt(this::looseLength).max().orElse(0);
        int shared = TokenContext.sharedLength(contexts);
        boolean branchesSettle = mostLoose > MOST_LOOSE;
        boolean stemSettles = shared > 0 && looseLength(contexts.get(0).first(shared)) >= TOKENS_PER_RUN;
        List<SettledTokens> runs = new ArrayList<>();
        if (branchesSettle || stemSettles) {
            int upTo = branchesSettle ? Math.max(shared, longest - LOOSE_AGAIN) : shared;
            contexts.forEach(context -> settle(context.first(Math.min(upTo, context.length())), runs));
        }
        return runs;
    }

    /** Contexts as they are stored. */
    List<TokenContext> cut(List<TokenContext> contexts) {
        ContextGraft graft = new ContextGraft(TokenContext.startingWith(0));
        numbers.forEach((node, number) -> graft.replace(node, TokenContext.startingWith(number)));
        return graft.moved(contexts);
    }

    private void settle(TokenContext context, List<SettledTokens> runs) {
        TokenContext settled = settledPart(context);
        Deque<TokenContext> fresh = new ArrayDeque<>();
        for (TokenContext at = context; at != null && at != settled; at = at.parent()) {
            fresh.push(at);
        }
        if (!fresh.isEmpty()) {
            int follows = settled == null ? 0 : numbers.getOrDefault(settled, 0);
            fresh.forEach(node -> numbers.put(node, ++size));
            int[] tokens = fresh.stream().mapToInt(TokenContext::lastToken).toArray();
            runs.add(new SettledTokens(follows, tokens));
        }
    }

    private int looseLength(TokenContext context) {
        TokenContext settled = settledPart(context);
        return context.length() - (settled == null ? 0 : settled.length());
    }

    /** The longest beginning of the context that is known to be in this tree; null if there is none. */
    private @Nullable TokenContext settledPart(TokenContext context) {
        TokenContext at = context;
        while (at != null && !numbers.containsKey(at)) {
            at = at.parent();
        }
        return at;
    }

    /** @throws IllegalArgumentException if there is no such node: the state is damaged */
    private @Nullable TokenContext node(int number) {
        if (number < 0 || number > nodes.size()) {
            throw new IllegalArgumentException(
                    "damaged session: no token " + number + " among the " + nodes.size() + " that have settled");
        }
        return number == 0 ? null : nodes.get(number - 1);
    }
}
