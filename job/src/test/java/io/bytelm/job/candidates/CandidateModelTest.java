package io.bytelm.job.candidates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.BeamParams;
import io.bytelm.candidate.CandidateList;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
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
import org.junit.jupiter.api.Test;

/** Of a tokenizer with a dummy prefix whose tokens are bytes: each text is read in one way, whichever are followed. */
class CandidateModelTest {
    private static final int BYTES = 256;
    private static final Vocabulary VOCABULARY = vocabulary();

    private final BruteForceTrieLmService service =
            new BruteForceTrieLmService(VOCABULARY, new PortableModel(VOCABULARY.size()));

    private static Vocabulary vocabulary() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < BYTES; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        tokens.add("<s>".getBytes(UTF_8));
        return new Vocabulary(tokens, Collections.nCopies(tokens.size(), TokenKind.NORMAL), BYTES, " ".getBytes(UTF_8));
    }

    private static CanonicalRules rules() {
        int[][] symbols = new int[VOCABULARY.size()][];
        for (int b = 0; b < BYTES; b++) {
            symbols[b] = new int[] {b};
        }
        return new CanonicalRules(
                VOCABULARY,
                CanonicalPairs.of(new MergeTable(new int[0], new int[0], new int[0]), symbols),
                Pretokenizer.NONE,
                Map.of(),
                new BitSet(),
                new BitSet());
    }

    private double[] weighed(Vocabulary vocabulary, boolean canonical) {
        CandidateList list = new CandidateList(List.of("b".getBytes(UTF_8), "cd".getBytes(UTF_8)), false);
        return new CandidateModel(vocabulary, BeamParams.of(5, 0), canonical ? rules() : null)
                .scores("a".getBytes(UTF_8), list)
                .run(service::expandAll)
                .orElseThrow()
                .logLikelihoods();
    }

    @Test
    void withoutTheDummyPrefixATextBeginsWithItsFirstByteWhicheverTokenizationsAreFollowed() {
        double[] after = weighed(VOCABULARY, true);
        double[] without = weighed(VOCABULARY.withoutDummyPrefix(), true);
        assertThat(after).containsExactly(weighed(VOCABULARY, false), within(1e-6));
        assertThat(without).containsExactly(weighed(VOCABULARY.withoutDummyPrefix(), false), within(1e-6));
        assertThat(without[0]).isNotCloseTo(after[0], within(1e-3));
    }
}
