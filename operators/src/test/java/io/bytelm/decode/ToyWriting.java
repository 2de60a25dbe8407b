package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.dist.Symbols;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A random toy tokenizer, a prompt and a constraint, and what an output's probabilities are by enumeration. */
final class ToyWriting {
    static final int MAX_BYTES = 7;

    final ToyTokenizer toy;
    final String prompt;
    final DecodingRules rules;
    final BruteForceTrieLmService service;

    ToyWriting(Random random, int particles) {
        this.toy = random.nextBoolean()
                ? ToyTokenizer.withSpecials(random)
                : ToyTokenizer.random(random, random.nextBoolean());
        this.prompt = toy.text(random, random.nextInt(5));
        double temperature = random.nextInt(3) == 0 ? 3 : 1;
        Sampler sampler = new Sampler(temperature, 0, 1, 0, random.nextLong());
        Constraint constraint = constraint(random);
        boolean eosEnds = random.nextBoolean();
        this.rules = new DecodingRules(constraint, sampler, StopStrings.NONE, MAX_BYTES, eosEnds, particles, 0);
        this.service = toy.service();
    }

    private Constraint constraint(Random random) {
        if (random.nextInt(3) > 0) {
            String[] regexes = {"[L]{1,5}", "([L][L])*", "[L]{4}", "X*[L]", "(XY|YX|[L]Y)+", "[L]?Y{1,3}X"};
            String letters = toy.letters;
            return ToyDecoding.regex(regexes[random.nextInt(regexes.length)]
                    .replace("L", letters)
                    .replace("X", letters.substring(0, 1))
                    .replace("Y", letters.substring(1, 2)));
        }
        List<String> choices = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            String unknown = random.nextInt(4) == 0 ? "x" : ""; // no token has this byte
            choices.add("\"" + toy.text(random, 1 + random.nextInt(5)) + unknown + "\"");
        }
        return ToyDecoding.constraint(ConstraintKind.CHOICES, choices.toString());
    }

    ReadText prompted(double defer) {
        int[] eos = rules.eosEnds() ? toy.eosTokens() : new int[0];
        return run(TreeText.reading(toy.rules, prompt.getBytes(ISO_8859_1), new CanonicalParams(defer, eos)));
    }

    <T> T run(Step<T> step) {
        return step.run(service::expandAll);
    }

    Decoding decode(double defer) {
        return run(Decoding.begin(prompted(defer), rules).then(decoding -> decoding.finish(rules)));
    }

    static String text(Draft draft) {
        return new String(draft.bytes(), ISO_8859_1);
    }

    /** Of a text that goes on, or that has ended by EOS. */
    double probability(String text, boolean hasEnded) {
        return hasEnded ? toy.probabilityOfWritten(prompt, text) : toy.probabilityOfWrittenPrefix(prompt, text);
    }

    /** By symbol, of what is allowed after a text. */
    double[] allowed(String text) {
        Cursor cursor = rules.constraint().start();
        for (char c : text.toCharArray()) {
            cursor = Draft.stepped(cursor, c);
        }
        double[] allowed = new double[Symbols.COUNT];
        ByteSet live = rules.live(cursor, text.length());
        for (int next = live.nextMember(0); next >= 0; next = live.nextMember(next + 1)) {
            allowed[next] = probability(text + (char) next, false);
        }
        allowed[Symbols.EOS] = rules.mayEnd(cursor) ? probability(text, true) : 0;
        return allowed;
    }

    /** The sum over all outputs: each ends with EOS, or where nothing more can follow. */
    double probabilityOfConstraint() {
        return probabilityOfConstraint("", rules.constraint().start());
    }

    private double probabilityOfConstraint(String text, Cursor cursor) {
        ByteSet live = rules.live(cursor, text.length());
        double sum = rules.mayEnd(cursor) ? probability(text, true) : 0;
        if (live.isEmpty()) {
            return rules.eosEnds() ? sum : probability(text, false);
        }
        for (int next = live.nextMember(0); next >= 0; next = live.nextMember(next + 1)) {
            sum += probabilityOfConstraint(text + (char) next, Draft.stepped(cursor, next));
        }
        return sum;
    }

    /** Whether an output has ended by EOS, as far as the model has read it. */
    boolean hasReadEos(Draft draft) {
        return rules.eosEnds() && draft.ending() != Ending.DEAD_END && draft.ending() != null;
    }
}
