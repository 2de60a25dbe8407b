package io.bytelm.constraint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** However many ways there are to read a text, none of them is lost. */
class ExactGrammarTest {
    private static final String PALINDROMES = "root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"a\" | \"b\" | \"\"";
    private static final String DOUBLING = "root ::= \"<\" s \">\"\ns ::= e s s | \"a\"\ne ::= \"\" | \"(\" e \")\"";

    private static Constraint compile(String grammar) {
        return Gbnf.compile(grammar, CompileLimits.DEFAULT);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Test
    void aUnionOfEightyRecursiveRulesDerivesATextOfEach() {
        StringBuilder grammar = new StringBuilder("root ::= r0");
        for (int i = 1; i < 80; i++) {
            grammar.append(" | r").append(i);
        }
        for (int i = 0; i < 80; i++) {
            grammar.append("\nr" + i + " ::= \"(\" r" + i + " \")\" | \"<" + i + ">\"");
        }
        Constraint constraint = compile(grammar.toString());
        for (int i = 0; i < 80; i++) {
            assertThat(RandomWalks.accepts(constraint, utf8("((<" + i + ">))")))
                    .as("rule %d", i)
                    .isTrue();
            assertThat(RandomWalks.accepts(constraint, utf8("((<" + i + ">)")))
                    .as("rule %d", i)
                    .isFalse();
        }
    }

    @Test
    void longPalindromesAreDerivedAndNothingElse() {
        Constraint constraint = compile(PALINDROMES);
        for (long seed = 0; seed < 20; seed++) {
            String half = randomText(new Random(seed), 150);
            String mirrored = new StringBuilder(half).reverse().toString();
            for (String middle : new String[] {"a", "b", ""}) {
                String text = half + middle + mirrored;
                assertThat(RandomWalks.accepts(constraint, utf8(text)))
                        .as("seed %d: %s", seed, text)
                        .isTrue();
                char other = text.charAt(0) == 'a' ? 'b' : 'a';
                assertThat(RandomWalks.accepts(constraint, utf8(other + text.substring(1))))
                        .as("seed %d", seed)
                        .isFalse();
            }
        }
    }

    @Test
    void aPositionInAPalindromeIsSavedWhole() {
        Constraint constraint = compile(PALINDROMES);
        String half = randomText(new Random(5), 200);
        Cursor restored =
                constraint.restore(RandomWalks.after(constraint, utf8(half)).save());
        Cursor end = RandomWalks.after(
                restored, utf8(new StringBuilder(half).reverse().toString()));
        assertThat(end.accepting()).isTrue();
    }

    @Test
    void ambiguousTextsAreJudgedAsByTheirDerivations() {
        String grammar = "root ::= s \"b\"\ns ::= s s | \"a\" s \"b\" | \"ab\" | x s\nx ::= \"a\" | s \"b\" | \"\"";
        GrammarRules rules =
                new GbnfParser(grammar, SchemaCompiler.NONE, CompileBudget.start(CompileLimits.DEFAULT)).parse();
        Constraint constraint = compile(grammar);
        int accepted = 0;
        for (long seed = 0; seed < 60; seed++) {
            String text = "a" + randomText(new Random(seed), 20) + "b";
            boolean expected = DerivationOracle.derives(rules, text);
            assertThat(RandomWalks.accepts(constraint, utf8(text)))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(expected);
            accepted += expected ? 1 : 0;
        }
        assertThat(accepted).isBetween(10, 59);
    }

    @Test
    void waysThatSayTheSameAreFollowedOnce() {
        Constraint constraint = compile(DOUBLING);
        Duration worked = ProcessorTime.of(() -> {
            Cursor cursor = RandomWalks.after(constraint, utf8("<" + "a".repeat(5_000)));
            assertThat(cursor.fewestBytesToAccept()).isEqualTo(1);
            assertThat(cursor.save().length).isLessThan(1_000);
        });
        assertThat(worked).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aTextThatTakesTooMuchWorkIsRefusedAndNeverJudgedWrongly() {
        StringBuilder grammar = new StringBuilder("root ::= s0");
        for (int i = 0; i < 40; i++) {
            grammar.append("\ns" + i + " ::= \"a\" s" + (i + 1) % 40 + " \"a\" | s" + (i * 3 + 1) % 40 + " s"
                    + (i * 5 + 2) % 40 + " | \"a\"");
        }
        Constraint constraint = compile(grammar.toString());
        String text = "a".repeat(100_000);
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> RandomWalks.after(constraint, utf8(text)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                .withMessageContaining("too ambiguous");
    }

    @Test
    void aLongTextOfOneLetterEndsInARefusalWithinSeconds() {
        Constraint constraint = compile(PALINDROMES);
        Duration worked = ProcessorTime.of(() -> assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> RandomWalks.after(constraint, utf8("a".repeat(60_000))))
                .withMessageContaining("steps up to here"));
        assertThat(worked).isLessThan(Duration.ofSeconds(20));
        assertThat(RandomWalks.accepts(constraint, utf8("a".repeat(1_001)))).isTrue();
    }
}
