package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.bpe.CanonicalPairs;
import io.bytelm.vocab.bpe.MergeTable;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A small model: every byte is a token, and {@code ab} is one too, which its tokenizer writes for these two.
 *
 * @param failure what each request fails with; null to answer them
 * @param contextTokens as it says of itself; it reads more all the same
 */
record ToyService(BruteForceTrieLmService answers, @Nullable Throwable failure, long contextTokens)
        implements TrieLmService {
    private static final int BYTES = 256;
    private static final int BOS = BYTES;
    private static final int AB = BYTES + 1;
    private static final Vocabulary VOCABULARY = newVocabulary();

    private static Vocabulary newVocabulary() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < BYTES; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        tokens.add("<s>".getBytes(UTF_8));
        tokens.add("ab".getBytes(UTF_8));
        return new Vocabulary(tokens, Collections.nCopies(tokens.size(), TokenKind.NORMAL), BOS, new byte[0]);
    }

    static ToyService answering() {
        return failing(null);
    }

    static ToyService failing(@Nullable Throwable failure) {
        return new ToyService(
                new BruteForceTrieLmService(VOCABULARY, new PortableModel(VOCABULARY.size())), failure, Long.MAX_VALUE);
    }

    ToyService withContextOf(long tokens) {
        return new ToyService(answers, failure, tokens);
    }

    @Override
    public Vocabulary vocabulary() {
        return VOCABULARY;
    }

    @Override
    public CanonicalRules canonicalRules() {
        int[][] symbols = new int[VOCABULARY.size()][];
        for (int b = 0; b < BYTES; b++) {
            symbols[b] = new int[] {b};
        }
        symbols[AB] = new int[] {'a', 'b'};
        MergeTable merges = new MergeTable(new int[] {'a'}, new int[] {'b'}, new int[] {AB});
        return new CanonicalRules(
                VOCABULARY,
                CanonicalPairs.of(merges, symbols),
                Pretokenizer.NONE,
                Map.of(),
                new BitSet(),
                new BitSet(),
                true);
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        return failure == null ? answers.expand(request) : CompletableFuture.failedFuture(failure);
    }

    @Override
    public void close() {}
}
