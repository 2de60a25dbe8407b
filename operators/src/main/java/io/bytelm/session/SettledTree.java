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
 *
 * <p>What the model no longer reads is let go: when enough has come together, what it still reads is written anew in the
 * place of everything ({@link NewestTokens}). So a session is as large, and as quick to read, at its ten millionth byte as
 * when it first outgrew the model's context.
 */
final class SettledTree {
    /** What all contexts share settles in runs of at least so many tokens. */
    static final int TOKENS_PER_RUN = 32;

    /** The most tokens of a context that have not settled, once it is stored. */
    static final int MOST_LOOSE = 96;

    /** When there were more, so many are left: most branches are shorter, and never settle. */
    private static final int LOOSE_AGAIN = 48;

    /** Writing anew costs as much as a whole context: it waits until this part of one, at least so many runs, can go. */
    private static final int CONTEXTS_SHARE = 4;

    private static final int LEAST_LET_GO = 2 * TOKENS_PER_RUN;

    private final long contextTokens;
    private final List<TokenContext> nodes = new ArrayList<>();
    private final Map<TokenContext, Integer> numbers = new IdentityHashMap<>();
    private int size;

    /**
     * What becomes of the list of runs.
     *
     * @param replaces whether the runs come in the place of all those before; else after them
     */
    record Settling(boolean replaces, List<SettledTokens> runs) {}

    /** A tree without tokens, of a session whose contexts are read by a model that reads {@code contextTokens} of them. */
    SettledTree(long contextTokens) {
        this.contextTokens = contextTokens;
    }

    /** The tree that these runs make, in the order in which they were appended. */
    static SettledTree of(Iterable<SettledTokens> runs, long contextTokens) {
        SettledTree tree = new SettledTree(contextTokens);
        for (SettledTokens run : runs) {
            TokenContext at = tree.node(run.follows());
            for (int token : run.tokens()) {
                at = at == null ? beginning(run, token) : at.plus(token);
                tree.nodes.add(at);
            }
        }
        tree.size = tree.nodes.size();
        return tree;
    }

    /** How many tokens are kept in it. */
    int size() {
        return size;
    }

    private static TokenContext beginning(SettledTokens run, int token) {
        return run.olderTokens() == 0
                ? TokenContext.startingWith(token)
                : TokenContext.resuming(run.olderTokens(), run.olderHash(), token);
    }

    /** Contexts from stored ones, as far back as they are kept. This tree remembers where they hang, and no other nodes. */
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

    /**
     * Lets tokens of these contexts settle if enough of them have come, and lets go of those that the model no longer reads
     * if that is worth it. Contexts that do not go on from this tree begin it anew.
     *
     * @param contextsByModel what all contexts of a model share settles first; those of several share nothing
     */
    Settling settle(List<List<TokenContext>> contextsByModel) {
        List<TokenContext> contexts =
                contextsByModel.stream().flatMap(List::stream).toList();
        boolean anew = size > 0 && contexts.stream().allMatch(context -> settledPart(context) == null);
        if (anew) {
            numbers.clear();
            size = 0;
        }
        List<SettledTokens> runs = new ArrayList<>();
        contextsByModel.forEach(ofModel -> runs.addAll(freshRuns(ofModel)));
        if (isWorthCounting(contexts.size(), !runs.isEmpty())) {
            NewestTokens newest = new NewestTokens(contextTokens);
            contexts.forEach(context -> newest.keep(settledPart(context), context.length()));
            contexts.forEach(context -> newest.number(settledPart(context)));
            if (size - newest.size() >= leastLetGo()) {
                numbers.clear();
                numbers.putAll(newest.numbers());
                size = newest.size();
                return new Settling(true, newest.runs());
            }
        }
        return new Settling(anew, runs);
    }

    /** Contexts as they are stored. */
    List<TokenContext> cut(List<TokenContext> contexts) {
        ContextGraft graft = new ContextGraft(TokenContext.startingWith(0));
        numbers.forEach((node, number) -> graft.replace(node, TokenContext.startingWith(number)));
        return graft.moved(contexts);
    }

    private List<SettledTokens> freshRuns(List<TokenContext> contexts) {
        int longest = contexts.stream().mapToInt(TokenContext::length).max().orElse(0);
        int mostLoose = contexts.stream().mapToInt(this::looseLength).max().orElse(0);
        int shared = TokenContext.sharedLength(contexts);
        boolean branchesSettle = mostLoose > MOST_LOOSE;
        boolean stemSettles = shared > 0 && looseLength(contexts.get(0).first(shared)) >= TOKENS_PER_RUN;
        List<SettledTokens> runs = new ArrayList<>();
        if (branchesSettle || stemSettles) {
            int upTo = branchesSettle ? Math.max(shared, longest - LOOSE_AGAIN) : shared;
            contexts.forEach(context -> settle(upTo(upTo, context), runs));
        }
        return runs;
    }

    /** At least the oldest token that is held: those before it have settled. */
    private static TokenContext upTo(int count, TokenContext context) {
        return context.first(Math.max(context.olderTokens() + 1, Math.min(count, context.length())));
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

    /**
     * Counting what the model still reads takes as long as reading it, so it is done when something has settled, which is
     * seldom, and where so much is kept that some must be out of sight.
     */
    private boolean isWorthCounting(int contexts, boolean grew) {
        long most = grew ? contextTokens : contexts * Math.min(contextTokens, Integer.MAX_VALUE);
        return size - leastLetGo() >= most;
    }

    private long leastLetGo() {
        return Math.max(LEAST_LET_GO, contextTokens / CONTEXTS_SHARE);
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
