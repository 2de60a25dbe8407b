package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A small vocabulary whose token {@code !} is EOS, under the portable model, with exact beams and exact probabilities. */
final class ToyDecoding {
    private static final int EOS = 6;
    private static final Vocabulary VOCABULARY = vocabulary("<s>", "a", "b", "ab", "c", "bc", "!", "ca");
    private static final int WIDTH = 100_000;

    private final PortableModel model = new PortableModel(VOCABULARY.size());
    final BruteForceTrieLmService service = new BruteForceTrieLmService(VOCABULARY, model);
    private final boolean withEos;

    ToyDecoding(boolean withEos) {
        this.withEos = withEos;
    }

    private static Vocabulary vocabulary(String... tokens) {
        List<byte[]> bytes = Stream.of(tokens).map(t -> t.getBytes(ISO_8859_1)).toList();
        return new Vocabulary(bytes, Collections.nCopies(bytes.size(), TokenKind.NORMAL), 0, new byte[0]);
    }

    static Constraint constraint(ConstraintKind kind, String text) {
        return ConstraintSource.of(kind, text).compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    static Constraint regex(String pattern) {
        return constraint(ConstraintKind.REGEX, pattern);
    }

    /** Sixteen bytes, one particle. */
    DecodingRules rules(Constraint constraint, Sampler sampler) {
        return new DecodingRules(constraint, sampler, StopStrings.NONE, 16, withEos, 1, 0);
    }

    Beam start() {
        int[] eos = withEos ? new int[] {EOS} : new int[0];
        return Beam.initial(
                VOCABULARY.bosToken(), new BeamParams(WIDTH, 0, eos, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED));
    }

    <T> T run(Step<T> step) {
        return step.run(service::expandAll);
    }

    Decoding decode(DecodingRules rules) {
        return run(Decoding.begin(BeamText.after(start()), rules).then(decoding -> decoding.finish(rules)));
    }

    static String text(Draft draft) {
        return new String(draft.bytes(), ISO_8859_1);
    }

    /** The probability of these bytes, and then EOS if there is one: the sum over all tokenizations. */
    double probability(String text) {
        return probability(TokenContext.startingWith(VOCABULARY.bosToken()), text.getBytes(ISO_8859_1), 0);
    }

    private double probability(TokenContext context, byte[] bytes, int from) {
        float[] next = model.nextTokenProbabilities(List.of(context))[0];
        if (from == bytes.length) {
            return withEos ? next[EOS] : 1;
        }
        double sum = 0;
        for (int token = 0; token < VOCABULARY.size(); token++) {
            byte[] tokenBytes = VOCABULARY.bytes(token);
            int shared = Math.min(tokenBytes.length, bytes.length - from);
            boolean fits = withEos ? shared == tokenBytes.length && token != EOS : shared > 0;
            if (fits && Arrays.equals(tokenBytes, 0, shared, bytes, from, from + shared)) {
                sum += next[token] * probability(context.plus(token), bytes, from + shared);
            }
        }
        return sum;
    }
}
