package io.bytelm.decode;

import static io.bytelm.decode.TextOfModelsTest.OF_TWO;
import static io.bytelm.decode.TextOfModelsTest.assertLog;
import static io.bytelm.decode.TextOfModelsTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.beam.ToyModel;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.SavedTree;
import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.combine.Combination;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.service.ModelsTogether;
import io.bytelm.service.TrieLmService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several models, each over its canonical tokenizations alone, against the enumeration of these. */
class CanonicalTextOfModelsTest {
    private static final double NONE = Double.NEGATIVE_INFINITY;

    private int checked;

    private static Step<TextOfModels> prompted(List<ToyTokenizer> both, Combination how, String prompt) {
        List<Step<ReadText>> prompts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            CanonicalParams exact = CanonicalParams.exact(both.get(i).eosTokens());
            Step<ReadText> read = TreeText.reading(both.get(i).rules, ToyModel.ascii(prompt), exact)
                    .map(text -> text);
            prompts.add(read.of(i));
        }
        return Step.together(prompts).map(texts -> TextOfModels.after(texts, how, List.of(99L, 99L)));
    }

    @Test
    void outputsAreThoseOfTheEnumerationAlsoWhereTheTextIsStoredAfterEachByte() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            List<ToyTokenizer> both = List.of(ToyTokenizer.random(random, false), ToyTokenizer.random(random, false));
            Combination how = OF_TWO.get(random.nextInt(OF_TWO.size()));
            String prompt = both.get(0).text(random, random.nextInt(4));
            ServiceAnswers answers = new ServiceAnswers(new ModelsTogether(
                    both.stream().map(toy -> (TrieLmService) toy.service()).toList()));
            Sampler sampler = new Sampler(1, 0, 1, 0, seed);
            String regex = random.nextBoolean() ? "[ab]{1,5}" : "(aba|bab){1,2}b";
            DecodingRules rules = new DecodingRules(ToyDecoding.regex(regex), sampler, StopStrings.NONE, 8, true, 1, 0);
            Decoding decoding = prompted(both, how, prompt)
                    .then(text -> Decoding.begin(text, rules))
                    .run(answers);
            while (!decoding.hasEnded()) {
                Draft before = decoding.drafts().get(0);
                double[] expected = ofCanonical(both, how, prompt, text(before));
                Decoding.Round round = stored(decoding).next(rules).run(answers);
                String what = "seed %d, %s|%s, %s".formatted(seed, prompt, text(before), how.described());
                check(what, round.drawnFrom(), expected);
                decoding = round.after();
            }
            Draft end = decoding.drafts().get(0);
            if (end.ending() != Ending.DEAD_END) {
                double sum = ofCanonical(both, how, prompt, text(end))[Symbols.EOS];
                for (int at = 0; at < text(end).length(); at++) {
                    sum += ofCanonical(both, how, prompt, text(end).substring(0, at))[end.bytes()[at]];
                }
                assertLog("seed " + seed + ", " + how.described(), end.logLikelihood(), sum);
            }
        }
        assertThat(checked).isGreaterThan(100);
    }

    private void check(String what, @Nullable MaskedNext drawnFrom, double[] expected) {
        for (int symbol : List.of((int) 'a', (int) 'b', Symbols.EOS)) {
            if (drawnFrom != null && drawnFrom.next().logProb(symbol) > NONE) {
                double found = drawnFrom.next().logProb(symbol) + drawnFrom.logMask();
                assertThat(Math.exp(found)).as(what).isCloseTo(Math.exp(expected[symbol]), within(1e-6));
                checked++;
            }
        }
    }

    private static double[] ofCanonical(List<ToyTokenizer> both, Combination how, String prompt, String output) {
        List<NextByteDistribution> each = new ArrayList<>();
        List<double[]> raw = new ArrayList<>();
        for (ToyTokenizer toy : both) {
            double[] logProbs = new double[Symbols.COUNT];
            Arrays.fill(logProbs, NONE);
            double before = toy.probabilityOfWrittenPrefix(prompt, output);
            if (before > 0) {
                logProbs['a'] = Math.log(toy.probabilityOfWrittenPrefix(prompt, output + "a") / before);
                logProbs['b'] = Math.log(toy.probabilityOfWrittenPrefix(prompt, output + "b") / before);
                logProbs[Symbols.EOS] = Math.log(toy.probabilityOfWritten(prompt, output) / before);
            }
            raw.add(logProbs);
            each.add(NextByteDistribution.of(logProbs).normalize());
        }
        if (how.needsDistributions()) {
            return how.of(each).logProbs();
        }
        double[] mixed = new double[Symbols.COUNT];
        boolean[] reads = {!each.get(0).isDeadEnd(), !each.get(1).isDeadEnd()};
        for (int symbol = 0; symbol < mixed.length; symbol++) {
            mixed[symbol] = how.mixed(new double[] {raw.get(0)[symbol], raw.get(1)[symbol]}, reads);
        }
        return mixed;
    }

    /** What is stored of a part does not say how probable its bytes are: they are given. */
    private static Decoding stored(Decoding decoding) {
        Draft draft = decoding.drafts().get(0);
        TextOfModels text = (TextOfModels) draft.text();
        List<ReadText> parts = new ArrayList<>();
        for (ReadText part : text.parts()) {
            TreeText read = (TreeText) part;
            SavedTree saved = read.tree().saved();
            double given = saved.contexts().isEmpty() ? NONE : 0;
            parts.add(new TreeText(
                    saved.restored(read.tree().heads().rules()), new Certified(given, given), read.longestContext()));
        }
        TextOfModels again = new TextOfModels(parts, text.combination(), text.contextTokens(), text.logLikelihood());
        return new Decoding(
                List.of(new Draft(
                        again,
                        draft.cursor(),
                        draft.bytes(),
                        draft.logProposal(),
                        draft.logWeightBase(),
                        draft.ending())),
                decoding.rounds(),
                decoding.logEvidence());
    }
}
