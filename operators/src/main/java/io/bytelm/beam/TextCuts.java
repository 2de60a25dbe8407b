package io.bytelm.beam;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the vocabulary can cut a text, whatever the model thinks of it: which tokens lie at which places, and from where the
 * text's end can be reached. Costs one evaluation at most, since tokens lie where they lie after any context.
 */
final class TextCuts {
    private static final int[] NO_TOKENS = {};
    private static final int TOGETHER = 8;

    private final List<Expansion> from;
    private final boolean[] reachesEnd;

    private TextCuts(List<Expansion> from) {
        this.from = from;
        int length = from.size();
        this.reachesEnd = new boolean[length + 1];
        reachesEnd[length] = true;
        for (int at = length - 1; at >= 0; at--) {
            reachesEnd[at] = reachesEndFrom(at);
        }
    }

    private boolean reachesEndFrom(int at) {
        int depth = from.get(at).depth();
        boolean reaches = at + depth == from.size();
        for (int d = 1; d <= depth && !reaches; d++) {
            reaches = from.get(at).endTokens()[d].length > 0 && reachesEnd[at + d];
        }
        return reaches;
    }

    /** @param context any */
    static Step<TextCuts> of(byte[] text, TokenContext context) {
        return Step.loop(
                        List.<Expansion>of(),
                        told -> told.size() < text.length,
                        told -> Step.ask(requests(text, told.size(), context), answers -> {
                            List<Expansion> more = new ArrayList<>(told);
                            more.addAll(answers);
                            return Step.done(more);
                        }))
                .map(TextCuts::new);
    }

    /** A few at a time: of requests that are asked together all are asked again if one fails. */
    private static List<ExpandRequest> requests(byte[] text, int from, TokenContext context) {
        List<ExpandRequest> requests = new ArrayList<>();
        for (int at = from; at < Math.min(text.length, from + TOGETHER); at++) {
            byte[] rest = Arrays.copyOfRange(text, at, text.length);
            requests.add(new ExpandRequest(context, rest, NO_TOKENS, ExpandRequest.NO_ROWS));
        }
        return requests;
    }

    /** Whether tokens from there on spell the text to its end, the last one perhaps beyond it. */
    boolean reachEnd(int at) {
        return reachesEnd[at];
    }

    /** Where a token begins that ends before {@code end}; -1 if that is not within the text. */
    int beginOf(int token, int end) {
        for (int at = end - 1; at >= 0; at--) {
            Expansion tokens = from.get(at);
            if (at + tokens.depth() >= end && contains(tokens.endTokens()[end - at], token)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean contains(int[] tokens, int token) {
        return Arrays.stream(tokens).anyMatch(t -> t == token);
    }
}
