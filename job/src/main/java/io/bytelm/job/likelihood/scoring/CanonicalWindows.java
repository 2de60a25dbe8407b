package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.KnownText;
import io.bytelm.canonical.KnownTextSum;
import io.bytelm.canonical.LongKnownText;
import io.bytelm.canonical.LongKnownText.Progress;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.document.RejectReason;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.vocab.CanonicalRules;
import java.util.Arrays;

/**
 * Windows read by canonical tokens alone. All contexts that the sum takes are known before the model is asked; so are those
 * that take the log-probability of every byte, but for what may be deferred.
 *
 * @param rules of the tokenizer; the tokens that end a sequence are text to it
 * @param params the settings of a tree
 * @param contextTokens how many tokens of a context the model reads at most
 * @param dummyPrefix what a document's own beginning stands after
 * @param requestsAtOnce how many contexts of a window are asked for at once
 * @param longBytes a longer window is followed in stretches: all its contexts would take too much memory, and the task thread
 * @param restarts whether documents are read on after dead ends
 */
public record CanonicalWindows(
        CanonicalRules rules,
        CanonicalParams params,
        long contextTokens,
        byte[] dummyPrefix,
        int requestsAtOnce,
        int longBytes,
        boolean restarts)
        implements WindowReader {
    /** Of so much text all contexts take some megabytes, and to find them some tenths of a second. */
    public static final int LONG_BYTES = 1 << 16;

    /** Enough for the ways through the bytes since the last settled token, but for long runs of one character. */
    private static final long BRANCH_TOKENS = 32;

    private static final byte[] NO_BYTES = {};

    @Override
    public Step<WindowScoring.Result> read(DocumentInFlight document, Window window) {
        return read(document.text(), window, document.byteLogProbs(), document.wordEnds());
    }

    /**
     * The computation of one window.
     *
     * @param document not to be changed
     * @param window not empty
     * @param byteLogProbs {@code [document.length]}: receives the log-probability of each counted byte; or empty
     */
    public Step<WindowScoring.Result> read(byte[] document, Window window, double[] byteLogProbs) {
        return read(document, window, byteLogProbs, WordEnds.NONE);
    }

    private Step<WindowScoring.Result> read(byte[] document, Window window, double[] byteLogProbs, WordEnds wordEnds) {
        return byteLogProbs.length > 0 ? byBytes(document, window, byteLogProbs, wordEnds) : sum(document, window);
    }

    private Step<WindowScoring.Result> byBytes(
            byte[] document, Window window, double[] byteLogProbs, WordEnds wordEnds) {
        return new CanonicalBytes(
                        document,
                        window,
                        params,
                        contextTokens,
                        stretchBytes(),
                        requestsAtOnce,
                        byteLogProbs,
                        wordEnds,
                        restarts)
                .run(start(window));
    }

    private Step<CanonicalTree> start(Window window) {
        return window.from() == 0 && dummyPrefix.length > 0
                ? CanonicalTree.afterDummyPrefix(rules, params, mode(window))
                : Step.done(CanonicalTree.initial(rules, params, mode(window)));
    }

    private static EosMode mode(Window window) {
        return window.scoredFrom() > window.from() ? EosMode.WITHOUT_EOS : EosMode.WITH_EOS;
    }

    /** Few stretches have more than a token for two bytes. */
    private int stretchBytes() {
        return 2 * requestsAtOnce;
    }

    private Step<WindowScoring.Result> sum(byte[] document, Window window) {
        byte[] prefix = window.from() == 0 ? dummyPrefix : NO_BYTES;
        byte[] text = Arrays.copyOf(prefix, prefix.length + window.to() - window.from());
        System.arraycopy(document, window.from(), text, prefix.length, window.to() - window.from());
        int counted = prefix.length + window.scoredFrom() - window.from();
        return restarts ? sumOfReadable(document, text, counted, window) : sum(text, counted, window, prefix.length);
    }

    /**
     * The sum without the bytes that no token has. If there is no way to read the others from end to end, the window is read
     * byte by byte.
     */
    private Step<WindowScoring.Result> sumOfReadable(byte[] document, byte[] text, int counted, Window window) {
        Readable readable = Readable.of(text, counted, rules.coverage());
        byte[] left = readable.bytes();
        if (left.length == readable.counted()) {
            return Step.done(new WindowScoring.Result(0, 0, window.to(), 0, readable.skipped(), readable.deadEnds()));
        }
        return sum(left, readable.counted(), window, 0)
                .then(sum -> sum.logLikelihood() == Double.NEGATIVE_INFINITY
                        ? byBytes(document, window, new double[document.length], WordEnds.NONE)
                        : Step.done(new WindowScoring.Result(
                                sum.logLikelihood(),
                                sum.logLikelihoodUpper(),
                                window.to(),
                                sum.truncatedBytes(),
                                readable.skipped(),
                                readable.deadEnds())));
    }

    private Step<WindowScoring.Result> sum(byte[] text, int counted, Window window, int prefixBytes) {
        return text.length > longBytes
                ? sumOfLong(text, counted, window, prefixBytes)
                : sumOfShort(text, counted, window, prefixBytes);
    }

    private Step<WindowScoring.Result> sumOfShort(byte[] text, int counted, Window window, int prefixBytes) {
        int[] places = counted == 0 ? new int[] {text.length} : new int[] {counted, text.length};
        KnownText known = KnownText.follow(rules, text, contextTokens, places);
        if (known.isDead()) {
            return Step.done(deadAt(known.read(), window, prefixBytes));
        }
        int eosFrom = window.scoredFrom() > window.from() ? counted : 0;
        int truncated = known.truncatedAfter(counted);
        return new KnownTextSum(known, params.eosTokens(), eosFrom, requestsAtOnce)
                .logProbs()
                .map(sums -> {
                    double logLikelihood = sums.length == 1 ? sums[0] : sums[1] - sums[0];
                    return sums[sums.length - 1] == Double.NEGATIVE_INFINITY
                            ? WindowScoring.Result.deadAt(window.to())
                            : new WindowScoring.Result(logLikelihood, logLikelihood, window.to(), truncated);
                });
    }

    private Step<WindowScoring.Result> sumOfLong(byte[] text, int counted, Window window, int prefixBytes) {
        LongKnownText known = new LongKnownText(text, contextTokens, stretchBytes());
        CanonicalParams exact = CanonicalParams.exact(params.eosTokens());
        CanonicalTree start = CanonicalTree.initial(rules, exact, mode(window));
        return known.read(Progress.before(start), counted).then(context -> {
            boolean changesMode = window.scoredFrom() > window.from();
            CanonicalTree begin = changesMode ? context.tree().withMode(EosMode.WITH_EOS) : context.tree();
            double before = begin.logProb().logLower();
            return known.read(context.with(begin), text.length).map(end -> {
                double logLikelihood = end.tree().logProb().logLower() - before;
                return end.tree().isDead()
                        ? deadAt(end.read(), window, prefixBytes)
                        : new WindowScoring.Result(
                                logLikelihood, logLikelihood, window.to(), end.truncatedAfter(counted));
            });
        });
    }

    private static WindowScoring.Result deadAt(int read, Window window, int prefixBytes) {
        return WindowScoring.Result.deadAt(Math.max(1, window.from() + read - prefixBytes));
    }

    @Override
    public long branchTokens() {
        return BRANCH_TOKENS;
    }

    @Override
    public Item checked(Item item, byte[] text) {
        int changed = rules.firstChange(text);
        return changed < 0
                ? item
                : item.rejected(
                        RejectReason.NOT_NORMALIZED,
                        "the tokenizer would change byte " + (changed + 1) + " of " + text.length
                                + " before it cuts the text (NFC), so no canonical tokens spell the text as it is;"
                                + " score it with --normalize, compose it before, or score it with --tokenizations all");
    }

    @Override
    public String deadEnd(int deadAt, int bytes) {
        return "no canonical tokenization goes on with byte " + deadAt + " of " + bytes
                + ", or the model gives it no probability; bytelm vocab --bytes-without-token lists bytes without one, --on-dead-end restart reads on";
    }
}
