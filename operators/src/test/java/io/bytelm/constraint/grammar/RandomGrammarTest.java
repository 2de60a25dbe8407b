package io.bytelm.constraint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random grammars, recursive and ambiguous in every way, against a fixpoint over all derivations. */
class RandomGrammarTest {
    private static final String[] RULES = {"root", "x", "y", "z"};
    private static final int LONGEST = 6;

    private final List<String> texts = new ArrayList<>(List.of(""));
    private int withStack;
    private int accepted;

    RandomGrammarTest() {
        for (int i = 0; texts.get(i).length() < LONGEST; i++) {
            texts.add(texts.get(i) + "a");
            texts.add(texts.get(i) + "b");
        }
    }

    @Test
    void everyShortTextIsJudgedAsByItsDerivations() {
        for (long seed = 0; seed < 150; seed++) {
            compare(seed);
        }
        assertThat(withStack).isGreaterThan(20);
        assertThat(accepted).isGreaterThan(1_000);
    }

    private void compare(long seed) {
        String grammar = grammar(new Random(seed));
        String name = "seed " + seed + ":\n" + grammar;
        GrammarRules rules =
                new GbnfParser(grammar, SchemaCompiler.NONE, CompileBudget.start(CompileLimits.DEFAULT)).parse();
        @Nullable Constraint constraint = null;
        try {
            constraint = Gbnf.compile(grammar, CompileLimits.DEFAULT);
            withStack += constraint instanceof GrammarConstraint ? 1 : 0;
        } catch (ConstraintException e) {
            assertThat(e.reason()).as(name).isEqualTo(ConstraintException.Reason.UNSATISFIABLE);
        }
        int shortest = Integer.MAX_VALUE;
        for (String text : texts) {
            boolean expected = DerivationOracle.derives(rules, text);
            boolean actual = constraint != null && RandomWalks.accepts(constraint, utf8(text));
            assertThat(actual).as("%s\non \"%s\"", name, text).isEqualTo(expected);
            accepted += expected ? 1 : 0;
            shortest = expected ? Math.min(shortest, text.length()) : shortest;
        }
        if (shortest <= LONGEST && constraint != null) {
            assertThat(constraint.start().fewestBytesToAccept()).as(name).isEqualTo(shortest);
        }
    }

    @Test
    void walksOfRandomGrammarsAreDerived() {
        long bytes = 0;
        for (long seed = 1_000; seed < 1_300; seed++) {
            String grammar = grammar(new Random(seed));
            GrammarRules rules =
                    new GbnfParser(grammar, SchemaCompiler.NONE, CompileBudget.start(CompileLimits.DEFAULT)).parse();
            try {
                Constraint constraint = Gbnf.compile(grammar, CompileLimits.DEFAULT);
                int budget = constraint.start().fewestBytesToAccept() + 6;
                RandomWalks walks = RandomWalks.walk(
                        constraint,
                        20,
                        budget,
                        seed,
                        text -> DerivationOracle.derives(rules, new String(text, StandardCharsets.UTF_8)));
                walks.assertClean(grammar, seed);
                bytes += walks.bytes();
            } catch (ConstraintException e) {
                assertThat(e.reason()).isEqualTo(ConstraintException.Reason.UNSATISFIABLE);
            }
        }
        assertThat(bytes).isGreaterThan(1_000);
    }

    @Test
    void theFewestBytesAreExactAtEveryPosition() {
        int compared = 0;
        for (long seed = 2_000; seed < 2_100; seed++) {
            String grammar = grammar(new Random(seed));
            try {
                compared += compareFewest(Gbnf.compile(grammar, CompileLimits.DEFAULT), grammar);
            } catch (ConstraintException e) {
                assertThat(e.reason()).isEqualTo(ConstraintException.Reason.UNSATISFIABLE);
            }
        }
        assertThat(compared).isGreaterThan(500);
    }

    /** One less for some next byte, unless complete; never less than one less. */
    private int compareFewest(Constraint constraint, String grammar) {
        int compared = 0;
        for (String text : texts) {
            Cursor cursor = run(constraint, text);
            if (cursor != null) {
                int best = cursor.accepting() ? 0 : Cursor.VERY_MANY_BYTES;
                for (int b : cursor.live().toArray()) {
                    best = Math.min(best, 1 + RandomWalks.step(cursor, b).fewestBytesToAccept());
                }
                assertThat(cursor.fewestBytesToAccept())
                        .as("%s\nafter %s", grammar, text)
                        .isEqualTo(best);
                compared++;
            }
        }
        return compared;
    }

    private static @Nullable Cursor run(Constraint constraint, String text) {
        Cursor cursor = constraint.start();
        for (byte b : utf8(text)) {
            cursor = cursor == null ? null : cursor.step(b);
        }
        return cursor;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String grammar(Random random) {
        StringBuilder grammar = new StringBuilder();
        for (String rule : RULES) {
            grammar.append(rule).append(" ::= ");
            int branches = 1 + random.nextInt(3);
            for (int branch = 0; branch < branches; branch++) {
                grammar.append(branch > 0 ? " | " : "");
                grammar.append("\"\" ");
                for (int items = random.nextInt(4); items > 0; items--) {
                    grammar.append(item(random)).append(' ');
                }
            }
            grammar.append('\n');
        }
        return grammar.toString();
    }

    private static String item(Random random) {
        String[] repeats = {"", "", "", "", "?", "*", "+", "{2}", "{1,2}"};
        String atom = random.nextInt(5) < 3
                ? new String[] {"\"a\"", "\"b\"", "[ab]", "\"ab\""}[random.nextInt(4)]
                : RULES[random.nextInt(RULES.length)];
        return atom + repeats[random.nextInt(repeats.length)];
    }
}
