package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalContinuations;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.vocab.CanonicalRules;

/**
 * A text read over the canonical tokenizations alone: P is the probability that the model writes, after the prompt, the
 * tokens that the tokenizer would write of the text.
 *
 * @param tree after all bytes; what the service said about it may have been forgotten
 * @param logProb between what log P of the output lies (nats); as it was known when the text was read
 * @param longestContext the longest context (tokens) that any number was computed from
 */
public record TreeText(CanonicalTree tree, Certified logProb, int longestContext) implements ReadText {
    private static final Certified SURE = new Certified(0, 0);
    private static final Certified IMPOSSIBLE = new Certified(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);

    /**
     * Nothing written after a prompt; without probability if the prompt has none. The names of special tokens and of those that end the sequence are tokens in the
     * prompt, and text in what is written after it.
     *
     * @param prompt read to its end by the tokenizer's own rules, with nothing deferred
     * @param longestContext that of the prompt (tokens)
     * @param written the rules by which the output is read: those of the prompt without its unwritten tokens
     * @param params of the output
     */
    public static TreeText after(
            CanonicalTree prompt, int longestContext, CanonicalRules written, CanonicalParams params) {
        int longest = Math.max(longestContext, prompt.longestContext());
        boolean isDead = prompt.logProb().logLower() == Double.NEGATIVE_INFINITY;
        return new TreeText(prompt.written(written, params), isDead ? IMPOSSIBLE : SURE, longest);
    }

    /**
     * Nothing written after a prompt, which is read as in {@link #after}; without probability if the model gives it none.
     *
     * @param rules the tokenizer's own
     * @param prompt with the bytes that the tokenizer puts before a text; not to be changed
     */
    public static Step<TreeText> reading(CanonicalRules rules, byte[] prompt, CanonicalParams params) {
        CanonicalRules written = rules.withoutAdded(rules.unwritten(params.eosTokens()));
        return CanonicalTree.initial(rules, CanonicalParams.exact(), EosMode.WITHOUT_EOS)
                .readToEnd(prompt, 0, prompt.length)
                .map(read -> after(read, 0, written, params));
    }

    @Override
    public boolean hasEosTokens() {
        return tree.params().eosTokens().length > 0;
    }

    @Override
    public Step<Ways> ways(AllowedSymbols allowed, byte[] output) {
        return tree.continuations(allowed).map(found -> {
            Certified known = output.length == 0 ? logProb : found.tree().logProb();
            return new WaysOfTree(with(found.tree(), known), found);
        });
    }

    @Override
    public Step<ReadText> following(byte[] output, int from) {
        if (from == output.length || logProb.logLower() == Double.NEGATIVE_INFINITY) {
            return Step.done(this);
        }
        return tree.readToEnd(new Lookahead(output, from, true)).map(read -> with(read, read.logProb()));
    }

    @Override
    public Step<ReadText> followingByte(byte[] output, int at) {
        return tree.advance(new Lookahead(output, at, true)).map(read -> with(read, read.logProb()));
    }

    @Override
    public TreeText given() {
        return logProb.logLower() == Double.NEGATIVE_INFINITY ? died() : with(tree.normalized(), SURE);
    }

    private TreeText with(CanonicalTree read, Certified newLogProb) {
        return new TreeText(read, newLogProb, Math.max(longestContext, read.longestContext()));
    }

    @Override
    public TreeText died() {
        return new TreeText(tree.died(), IMPOSSIBLE, longestContext);
    }

    /** The ways of a tree. */
    record WaysOfTree(TreeText text, CanonicalContinuations found) implements Ways {
        @Override
        public double logBefore() {
            return text.logProb.logLower();
        }

        @Override
        public double[] logMasses(AllowedSymbols allowed) {
            return found.logMasses().clone();
        }

        @Override
        public int longestContext() {
            return text.longestContext;
        }

        @Override
        public Step<ReadText> read(byte[] output, int at) {
            return text.following(output, at);
        }

        @Override
        public Step<ReadText> readByte(byte[] output, int at) {
            return text.followingByte(output, at);
        }

        @Override
        public TreeText readEos() {
            return new TreeText(found.tree().died(), found.end(), text.longestContext);
        }
    }
}
