package io.bytelm.service;

import io.bytelm.dist.Symbols;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The service's contract word by word: sums over the whole vocabulary, without a trie. An oracle for tests; it counts
 * what it was asked, and evaluates every context once.
 */
public final class BruteForceTrieLmService implements TrieLmService {
    private final Vocabulary vocabulary;
    private final LanguageModel model;
    private final Map<TokenContext, float[]> evaluations = new HashMap<>();
    private int requests;
    private int batches;

    public BruteForceTrieLmService(Vocabulary vocabulary, LanguageModel model) {
        this.vocabulary = vocabulary;
        this.model = model;
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** How many different contexts the model has seen. */
    public int evaluations() {
        return evaluations.size();
    }

    /** How many requests were answered. */
    public int requests() {
        return requests;
    }

    /** How often {@link #expandAll} was called. */
    public int batches() {
        return batches;
    }

    /** Answers a batch on the calling thread. */
    public List<Expansion> expandAll(List<ExpandRequest> batch) {
        batches++;
        return batch.stream().map(this::answer).toList();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return CompletableFuture.completedFuture(answer(request));
    }

    private Expansion answer(ExpandRequest request) {
        requests++;
        float[] weights = evaluations.computeIfAbsent(
                request.context(), context -> model.nextTokenProbabilities(List.of(context))[0]);
        List<int[]> below = tokensAlong(request.path());
        int nodes = below.size();
        double[] logMass = new double[nodes];
        int[][] endTokens = new int[nodes][];
        double[][] endLogMass = new double[nodes][];
        double[][] rows = new double[nodes][];
        for (int depth = 0; depth < nodes; depth++) {
            int at = depth;
            logMass[depth] = Math.log(depth == 0 ? total(weights) : sum(weights, request, below.get(depth)));
            int[] ends = Arrays.stream(below.get(depth))
                    .filter(token -> at > 0 && vocabulary.bytes(token).length == at)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer token) -> -weight(weights, request, token)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            endTokens[depth] = ends;
            endLogMass[depth] = Arrays.stream(ends)
                    .mapToDouble(token -> Math.log(weight(weights, request, token)))
                    .toArray();
            if (depth >= request.rowsFrom()) {
                rows[depth] = row(weights, request, below.get(depth), depth);
            }
        }
        return new Expansion(logMass, endTokens, endLogMass, Math.log(eos(weights, request)), rows);
    }

    /** For each depth that the vocabulary follows: the tokens that begin with so many bytes of the path. */
    private List<int[]> tokensAlong(byte[] path) {
        List<int[]> below = new ArrayList<>();
        below.add(IntStream.range(0, vocabulary.size()).toArray());
        for (int depth = 0; depth < path.length; depth++) {
            int at = depth;
            int[] next = Arrays.stream(below.get(depth))
                    .filter(token ->
                            vocabulary.bytes(token).length > at && vocabulary.bytes(token)[at] == path[at])
                    .toArray();
            if (next.length == 0) {
                break;
            }
            below.add(next);
        }
        return below;
    }

    private double[] row(float[] weights, ExpandRequest request, int[] tokens, int depth) {
        double[] row = new double[Symbols.COUNT];
        for (int token : tokens) {
            byte[] bytes = vocabulary.bytes(token);
            int symbol = bytes.length == depth ? Symbols.EOT : bytes[depth] & 0xFF;
            row[symbol] += weight(weights, request, token);
        }
        row[Symbols.EOS] = depth == 0 ? eos(weights, request) : 0;
        return Arrays.stream(row).map(Math::log).toArray();
    }

    private static double total(float[] weights) {
        return IntStream.range(0, weights.length).mapToDouble(t -> weights[t]).sum();
    }

    private double sum(float[] weights, ExpandRequest request, int[] tokens) {
        return Arrays.stream(tokens)
                .mapToDouble(t -> weight(weights, request, t))
                .sum();
    }

    private static double eos(float[] weights, ExpandRequest request) {
        return Arrays.stream(request.eosTokens()).mapToDouble(t -> weights[t]).sum();
    }

    private double weight(float[] weights, ExpandRequest request, int token) {
        boolean silent = request.silencesSpecials() && vocabulary.kind(token) == TokenKind.SPECIAL;
        return silent || Arrays.binarySearch(request.eosTokens(), token) >= 0 ? 0 : weights[token];
    }

    @Override
    public void close() {}
}
