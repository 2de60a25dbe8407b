package io.bytelm.canonical;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.vocab.CanonicalRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical ways to read the bytes so far as tokens, weighed by the model. Immutable: every operation returns another
 * tree, or a {@link Step} that asks for what it needs.
 *
 * <p>The probability of the bytes is the sum, over all beginnings of canonical token sequences that spell all but the last
 * few of them, of the mass of the tokens that begin with those few. A token among these that could not follow the ones
 * before it counts until it would be closed. Each byte opens one new context, about: where nothing is deferred, that is what
 * a byte costs.
 *
 * @param heads the ways, whatever the model thinks of them, but for those without any probability
 * @param openings what the model thinks
 * @param text the last bytes, from where the oldest opening begins; not to be changed
 * @param length how many bytes have been read
 * @param params the settings
 * @param eos how the EOS tokens are read
 */
public record CanonicalTree(
        Heads heads, Openings openings, byte[] text, long length, CanonicalParams params, EosReading eos) {
    private static final byte[] NO_BYTES = {};

    /** Before the first byte: the context of BOS alone. */
    public static CanonicalTree initial(CanonicalRules rules, CanonicalParams params, EosMode mode) {
        TokenContext bos = TokenContext.startingWith(rules.vocabulary().bosToken());
        Openings openings = Openings.of(new Opening(bos, 0, null, 0, null));
        return new CanonicalTree(Heads.before(rules, bos), openings, NO_BYTES, 0, params, EosReading.always(mode));
    }

    /**
     * The same after the bytes that the tokenizer puts before a text, given these: their probability is 1. Nothing is
     * deferred until then, so that it stays certain what a later sum is a share of.
     */
    public static Step<CanonicalTree> afterDummyPrefix(CanonicalRules rules, CanonicalParams params, EosMode mode) {
        CanonicalTree start = initial(rules, CanonicalParams.exact(params.eosTokens()), mode);
        return start.read(rules.vocabulary().dummyPrefix())
                .map(CanonicalTree::normalized)
                .map(read -> read.withParams(params));
    }

    /** Between what the log probability (nats) of the bytes so far lies. */
    public Certified logProb() {
        if (length == 0) {
            return new Certified(0, 0);
        }
        return sum().certified();
    }

    Sum sum() {
        return Sum.of(heads, openings);
    }

    /** Whether no canonical text begins with these bytes, or the model gives none of them a probability. */
    public boolean isDead() {
        return heads.heads().isEmpty();
    }

    /** Reads all of the bytes. */
    public Step<CanonicalTree> read(byte[] bytes) {
        return Step.loop(
                        new Reading(this, 0),
                        reading -> reading.at < bytes.length,
                        reading -> reading.tree
                                .advance(Lookahead.of(bytes, reading.at))
                                .map(tree -> new Reading(tree, reading.at + 1)))
                .map(Reading::tree);
    }

    private record Reading(CanonicalTree tree, int at) {}

    /**
     * Reads the bytes from {@code from} up to {@code to}, of which only the end matters: no context is asked about that
     * leads nowhere.
     */
    public Step<CanonicalTree> readToEnd(byte[] bytes, int from, int to) {
        return new KnownBytes(this, Lookahead.of(bytes, from), to).run();
    }

    /** The same of all known bytes; with rows, what comes after them is asked for together with them, as far as it can be. */
    public Step<CanonicalTree> readToEnd(Lookahead known) {
        return new KnownBytes(this, known, known.bytes().length).run();
    }

    /**
     * Reads the first of the known bytes.
     *
     * @throws IndexOutOfBoundsException if no byte is known
     */
    public Step<CanonicalTree> advance(Lookahead known) {
        return advance(known, heads.read(known.bytes()[known.at()] & 0xFF));
    }

    /** @param longer the heads after the first of the known bytes */
    Step<CanonicalTree> advance(Lookahead known, Heads longer) {
        CanonicalTree next = keeping(longer, neededBy(longer.heads(), length + 1), known.bytes()[known.at()])
                .withoutTheImpossible();
        Lookahead after = new Lookahead(known.bytes(), known.at() + 1, known.rows());
        return next.evaluatingDue(after, known.rows() ? 0 : ExpandRequest.NO_ROWS);
    }

    private Openings neededBy(List<Head> someHeads, long newLength) {
        return openings.neededBy(someHeads, newLength, heads.rules().vocabulary());
    }

    /** Asks until nothing is deferred that may not be. */
    Step<CanonicalTree> evaluatingDue(Lookahead known, int rowsFrom) {
        List<Opening> due = sum().due(params.defer());
        return due.isEmpty()
                ? Step.done(this)
                : evaluating(due, known, rowsFrom).then(tree -> tree.evaluatingDue(known, rowsFrom));
    }

    private CanonicalTree keeping(Heads newHeads, Openings newOpenings, byte read) {
        int kept = (int) Math.max(0, length - newOpenings.oldest());
        byte[] longer = Arrays.copyOfRange(text, text.length - kept, text.length + 1);
        longer[kept] = read;
        return new CanonicalTree(newHeads, newOpenings, longer, length + 1, params, eos);
    }

    /** Asks for what follows these openings, along the text and what is known to follow it. */
    Step<CanonicalTree> evaluating(List<Opening> due, Lookahead known, int rowsFrom) {
        ContextRequests asking = new ContextRequests(this, known);
        long rowsFromLength = rowsFrom == ExpandRequest.NO_ROWS ? rowsFrom : length + rowsFrom;
        List<ExpandRequest> requests = due.stream()
                .map(opening -> asking.about(opening.context(), opening.at(), rowsFromLength))
                .toList();
        return Step.ask(requests, answers -> Step.done(told(due, requests, answers)));
    }

    /**
     * Asks along known bytes for what the tree will need when it reads them one after the other, as many contexts together
     * as can be known to be needed.
     *
     * @param atOnce how many contexts are asked for at once at most
     */
    public Step<ToldAhead> toldAhead(KnownStretch stretch, int atOnce) {
        return new AskingAhead(this, stretch, atOnce).run();
    }

    private CanonicalTree told(List<Opening> due, List<ExpandRequest> requests, List<Expansion> answers) {
        List<Opening> evaluated = new ArrayList<>();
        for (int i = 0; i < due.size(); i++) {
            evaluated.add(due.get(i).with(new Masses(requests.get(i).path(), answers.get(i))));
        }
        return with(heads, openings.with(evaluated)).withoutTheImpossible();
    }

    /** Without heads that have no probability, nor any that could only follow them. */
    CanonicalTree withoutTheImpossible() {
        List<Head> possible = heads.heads().stream().filter(this::isPossible).toList();
        if (possible.size() == heads.heads().size()) {
            return this;
        }
        return with(heads.withHeads(possible), neededBy(possible, length));
    }

    private boolean isPossible(Head head) {
        Opening opening = openings.of(head);
        if (openings.firstDue(opening).hasNoWeight()) {
            return false;
        }
        return opening.masses() == null
                || !opening.masses().cover(head.open())
                || opening.masses().logMass(head.open()) > Double.NEGATIVE_INFINITY;
    }

    private CanonicalTree with(Heads newHeads, Openings newOpenings) {
        return new CanonicalTree(newHeads, newOpenings, text, length, params, eos);
    }

    /** The distribution over the next symbol, and the tree that knows what was asked for it. */
    public Step<CanonicalPrediction> predict() {
        return new NextSymbols(this).run();
    }

    /**
     * How the text can go on with what is allowed. A context is deferred for as long as it has at most the share of what is
     * allowed, so where nothing is deferred this is exact.
     */
    public Step<CanonicalContinuations> continuations(AllowedSymbols allowed) {
        return AllowedNext.of(this, allowed).run();
    }

    /** The log probability (nats) that the text ends here, by an EOS token: exact. */
    public Step<Double> logProbOfEnd() {
        return new NextSymbols(this).logProbOfEnd();
    }

    /** How many tokens all heads share: the settled beginning of the canonical tokenization, BOS first. */
    public int settledTokens() {
        return TokenContext.sharedLength(openings.contexts());
    }

    /** The contexts of all heads, and those that are still needed to weigh them. */
    public List<TokenContext> contexts() {
        return openings.contexts();
    }

    /** The same shares, the bytes so far being given. A tree without probability stays as it is. */
    public CanonicalTree normalized() {
        double logTotal = logProb().logLower();
        return logTotal == Double.NEGATIVE_INFINITY ? this : with(heads, openings.dividedBy(logTotal));
    }

    /** The same tree, which reads EOS tokens in this mode where a token begins here or later. */
    public CanonicalTree withMode(EosMode newMode) {
        EosReading changed = new EosReading(eos.after(), length, newMode);
        return new CanonicalTree(heads, openings.askingAgainAt(length), text, length, params, changed);
    }

    /**
     * What a model goes on to write after this text, which has been read to its end and is given from here on: no special
     * token has any mass, also where its name has begun in the text, and EOS tokens end the sequence.
     *
     * @param written as the rules of the text, but that they find fewer added tokens
     */
    public CanonicalTree written(CanonicalRules written, CanonicalParams newParams) {
        CanonicalTree given = normalized();
        Heads ways = heads.goingOnBy(written);
        Openings needed = given.neededBy(ways.heads(), length).askingAgain();
        EosReading generating = EosReading.always(EosMode.GENERATING);
        return new CanonicalTree(ways, needed, text, length, newParams, generating);
    }

    /** The same tree without any way to go on. */
    public CanonicalTree died() {
        return with(heads.withHeads(List.of()), neededBy(List.of(), length));
    }

    /** The same tree, which defers by other settings from here on. */
    public CanonicalTree withParams(CanonicalParams newParams) {
        return new CanonicalTree(heads, openings, text, length, newParams, eos);
    }

    /** The same tree with all contexts evaluated that its heads need; from here on its sums are exact. */
    public Step<CanonicalTree> exact() {
        return withParams(CanonicalParams.exact(params.eosTokens()))
                .evaluatingDue(Lookahead.NONE, ExpandRequest.NO_ROWS);
    }

    /** The longest context, in tokens, of those that the heads need and that have been evaluated; 0 if none has. */
    public int longestContext() {
        return openings.longestEvaluated();
    }

    /** The ways to read the text, the heaviest first; what the service said about them is still known. */
    public List<TreeWay> ways() {
        return TreeWay.of(this);
    }

    /** What of this tree is stored. */
    public SavedTree saved() {
        return SavedTree.of(this);
    }
}
