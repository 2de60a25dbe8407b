package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Models with tokens of their own, a prompt and a combination, and what they together give an output by enumeration of all
 * tokenizations of each. In each the token {@code !} ends the sequence, if it is one that has such a token.
 */
final class ToyModels {
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final int UNWRITABLE = -1;

    private final List<Vocabulary> vocabularies;
    private final List<Integer> eosTokens; // UNWRITABLE for none
    private final Combination combination;
    private final String prompt;
    private final ServiceAnswers answers;

    /** @param withEos one a model: whether its {@code !} ends the sequence; else it is text */
    ToyModels(List<Vocabulary> vocabularies, List<Boolean> withEos, Combination combination, String prompt) {
        this.vocabularies = vocabularies;
        this.combination = combination;
        this.prompt = prompt;
        this.eosTokens = new ArrayList<>();
        List<TrieLmService> services = new ArrayList<>();
        for (int i = 0; i < vocabularies.size(); i++) {
            Vocabulary vocabulary = vocabularies.get(i);
            eosTokens.add(withEos.get(i) ? vocabulary.idsOf(ToyModel.ascii("!"))[0] : UNWRITABLE);
            services.add(new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size())));
        }
        this.answers = new ServiceAnswers(new ModelsTogether(services));
    }

    <T> T run(Step<T> step) {
        return step.run(answers);
    }

    /** Each by a beam that drops nothing. */
    ReadText prompted() {
        List<Step<ReadText>> prompts = new ArrayList<>();
        for (int i = 0; i < vocabularies.size(); i++) {
            prompts.add(alone(i).of(i));
        }
        List<ReadText> read = run(Step.together(prompts));
        List<Long> contexts = vocabularies.stream().map(v -> Long.MAX_VALUE).toList();
        return TextOfModels.after(read, combination, contexts);
    }

    /** One of the models as it would write alone; asks the first model. */
    Step<ReadText> alone(int model) {
        int eos = eosTokens.get(model);
        int[] tokens = eos == UNWRITABLE ? new int[0] : new int[] {eos};
        BeamParams params =
                new BeamParams(BeamParams.UNLIMITED, 0, tokens, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED);
        return Beam.initial(vocabularies.get(model).bosToken(), params)
                .withMode(EosMode.WITHOUT_EOS)
                .prefill(prompt.getBytes(ISO_8859_1))
                .map(BeamText::after);
    }

    /** Log-probabilities of the next symbol after an output, of those that are allowed. */
    double[] next(String output, DecodingRules rules, Cursor cursor) {
        List<double[]> each = new ArrayList<>();
        boolean[] reads = new boolean[vocabularies.size()];
        for (int i = 0; i < reads.length; i++) {
            reads[i] = probability(i, output, false) > 0;
            each.add(logProbs(i, output));
        }
        double[] together = new double[Symbols.COUNT];
        NextByteDistribution normalized = combination.needsDistributions()
                ? combination.of(each.stream()
                        .map(p -> NextByteDistribution.of(p).normalize())
                        .toList())
                : null;
        for (int symbol = 0; symbol < together.length; symbol++) {
            int at = symbol;
            together[symbol] = normalized == null
                    ? combination.mixed(each.stream().mapToDouble(p -> p[at]).toArray(), reads)
                    : normalized.logProb(symbol);
        }
        ByteSet live = rules.live(cursor, output.length());
        for (int symbol = 0; symbol < together.length; symbol++) {
            boolean allowed = symbol < 256 ? live.contains(symbol) : symbol == Symbols.EOS && rules.mayEnd(cursor);
            together[symbol] = allowed ? together[symbol] : NONE;
        }
        return together;
    }

    /** What one model gives each symbol: of all that it gives the output. */
    private double[] logProbs(int model, String output) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, NONE);
        double before = probability(model, output, false);
        for (char next : "abc!<^".toCharArray()) {
            logProbs[next] = Math.log(probability(model, output + next, false) / before);
        }
        logProbs[Symbols.EOS] = Math.log(probability(model, output, true) / before);
        if (before == 0) {
            Arrays.fill(logProbs, NONE);
        }
        return logProbs;
    }

    private double probability(int model, String output, boolean ends) {
        Vocabulary vocabulary = vocabularies.get(model);
        byte[] bytes = (prompt + output).getBytes(ISO_8859_1);
        return probability(model, TokenContext.startingWith(vocabulary.bosToken()), bytes, 0, ends);
    }

    private double probability(int model, TokenContext context, byte[] bytes, int from, boolean ends) {
        Vocabulary vocabulary = vocabularies.get(model);
        int eos = eosTokens.get(model);
        if (from == bytes.length) {
            return ends ? (eos == UNWRITABLE ? 0 : nextOf(model, context)[eos]) : 1;
        }
        float[] next = nextOf(model, context);
        double sum = 0;
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] tokenBytes = vocabulary.bytes(token);
            int shared = Math.min(tokenBytes.length, bytes.length - from);
            boolean fits = token != eos && shared > 0 && (!ends || shared == tokenBytes.length);
            if (fits && Arrays.equals(tokenBytes, 0, shared, bytes, from, from + shared)) {
                sum += next[token] * probability(model, context.plus(token), bytes, from + shared, ends);
            }
        }
        return sum;
    }

    private float[] nextOf(int model, TokenContext context) {
        return new PortableModel(vocabularies.get(model).size()).nextTokenProbabilities(List.of(context))[0];
    }

    /** The log-likelihood of an output: what is expected of each of its bytes, and of its end. */
    double logLikelihood(String output, boolean ends, DecodingRules rules) {
        Cursor cursor = rules.constraint().start();
        double sum = 0;
        for (int at = 0; at < output.length(); at++) {
            sum += next(output.substring(0, at), rules, cursor)[output.charAt(at)];
            cursor = Draft.stepped(cursor, output.charAt(at));
        }
        return ends ? sum + next(output, rules, cursor)[Symbols.EOS] : sum;
    }

    /** The sum over all outputs that satisfy the constraint within the budget. */
    double probabilityOfConstraint(DecodingRules rules) {
        return probabilityOfConstraint("", rules.constraint().start(), rules);
    }

    private double probabilityOfConstraint(String output, Cursor cursor, DecodingRules rules) {
        double[] next = next(output, rules, cursor);
        ByteSet live = rules.live(cursor, output.length());
        double sum = rules.mayEnd(cursor) ? Math.exp(next[Symbols.EOS]) : 0;
        if (live.isEmpty()) {
            return rules.eosEnds() ? sum : 1;
        }
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            if (next[b] > NONE) {
                sum += Math.exp(next[b]) * probabilityOfConstraint(output + (char) b, Draft.stepped(cursor, b), rules);
            }
        }
        return sum;
    }
}
