package io.bytelm.decode;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A model for which every byte is a token, and all are equally probable, whatever came before; and EOS is twice that. */
final class SpreadingModel {
    private static final int BYTES = 256;
    private static final int BOS = BYTES;
    private static final int EOS = BYTES + 1;

    private static final class Uniform implements LanguageModel {
        @Override
        public int vocabularySize() {
            return EOS + 1;
        }

        @Override
        public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
            float[] probabilities = new float[EOS + 1];
            Arrays.fill(probabilities, 1f / (BYTES + 2));
            probabilities[BOS] = 0;
            probabilities[EOS] = 2f / (BYTES + 2);
            return contexts.stream().map(context -> probabilities.clone()).toArray(float[][]::new);
        }

        @Override
        public void close() {}
    }

    private final BruteForceTrieLmService service;

    SpreadingModel() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < BYTES; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        tokens.add("<s>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        tokens.add("</s>".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        service = new BruteForceTrieLmService(
                new Vocabulary(tokens, Collections.nCopies(tokens.size(), TokenKind.NORMAL), BOS, new byte[0]),
                new Uniform());
    }

    Draft decode(DecodingRules rules) {
        int[] eos = rules.eosEnds() ? new int[] {EOS} : new int[0];
        Beam start = Beam.initial(BOS, new BeamParams(1, 0.01, eos, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED));
        return Decoding.begin(start, rules)
                .then(decoding -> decoding.finish(rules))
                .run(service::expandAll)
                .drafts()
                .get(0);
    }
}
