package io.bytelm.canonical;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import java.util.Arrays;

/** What a tree asks about a context: along its text, and along what is known to follow that. */
record ContextRequests(CanonicalTree tree, Lookahead known) {
    private static final int[] NO_TOKENS = {};

    /** How many known bytes a request carries at most. */
    private static final int MAX_KNOWN = 64;

    /**
     * The request for a context after which a token is open, or will be.
     *
     * @param at how many bytes of the text it is; those behind the tree's own are known bytes
     * @param rowsFrom the length of the text from which on rows are wanted; {@link ExpandRequest#NO_ROWS} if none is
     */
    ExpandRequest about(TokenContext context, long at, long rowsFrom) {
        EosMode mode = tree.eos().at(at);
        int from = rowsFrom == ExpandRequest.NO_ROWS ? ExpandRequest.NO_ROWS : (int) Math.max(0, rowsFrom - at);
        return new ExpandRequest(
                        context,
                        path(at),
                        mode == EosMode.WITHOUT_EOS ? NO_TOKENS : tree.params().eosTokens(),
                        from,
                        mode == EosMode.GENERATING)
                .takingWholeAsOne();
    }

    private byte[] path(long at) {
        int read = (int) Math.max(0, tree.length() - at);
        int knownFrom = known.at() + (int) Math.max(0, at - tree.length());
        int all = read + Math.min(MAX_KNOWN, known.bytes().length - knownFrom);
        int asked = Math.min(all, tree.heads().rules().vocabulary().maxTokenBytes()); // no token is longer
        byte[] text = tree.text();
        byte[] path = Arrays.copyOfRange(text, text.length - read, text.length - read + asked);
        if (asked > read) {
            System.arraycopy(known.bytes(), knownFrom, path, read, asked - read);
        }
        return path;
    }
}
