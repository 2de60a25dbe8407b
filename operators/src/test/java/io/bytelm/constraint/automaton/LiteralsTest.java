package io.bytelm.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.ProcessorTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The incremental construction against the general one, which determinizes and minimizes an alternation. */
class LiteralsTest {
    private static CompileBudget budget() {
        return CompileBudget.start(CompileLimits.TRUSTED);
    }

    private static ByteDfa alternation(List<byte[]> strings) {
        List<Expression> branches = new ArrayList<>();
        for (byte[] string : strings) {
            branches.add(Expression.literal(new String(string, StandardCharsets.ISO_8859_1)));
        }
        return ExpressionCompiler.compile(new Expression.Alternatives(branches), RawBytes.INSTANCE, budget());
    }

    private static List<byte[]> randomStrings(Random random, int count, int mostBytes, int alphabet) {
        List<byte[]> strings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] string = new byte[random.nextInt(mostBytes + 1)];
            for (int j = 0; j < string.length; j++) {
                string[j] = (byte) (251 * random.nextInt(alphabet)); // both sides of the sign, in no order
            }
            strings.add(string);
        }
        return strings;
    }

    private static void assertSame(List<byte[]> strings, String name) {
        ByteDfa built = Literals.of(strings, budget());
        ByteDfa expected = alternation(strings);
        assertThat(built).as(name).isEqualTo(expected).hasSameHashCodeAs(expected);
        for (int state = 0; state < expected.stateCount(); state++) {
            assertThat(built.fewestBytesToAccept(state)).as(name).isEqualTo(expected.fewestBytesToAccept(state));
            assertThat(built.live(state)).as(name).isEqualTo(expected.live(state));
            assertThat(built.live(state, 2)).as(name).isEqualTo(expected.live(state, 2));
        }
    }

    @Test
    void fewStringsGiveTheAutomatonOfTheirAlternation() {
        assertSame(List.of(), "no string");
        assertSame(List.of(new byte[0]), "the empty string");
        for (long seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            assertSame(randomStrings(random, random.nextInt(30), 5, 1 + random.nextInt(6)), "seed " + seed);
        }
    }

    @Test
    void soManyThatTheTableIsSparseGiveTheSame() {
        List<byte[]> strings = randomStrings(new Random(7), 4_000, 7, 256);
        assertThat((long) alternation(strings).stateCount() * 256).isGreaterThan(1 << 20);
        assertSame(strings, "seed 7");
    }

    @Test
    void halfAMillionTextsAreCompiledWithinTheLimits() {
        Random random = new Random(11);
        Set<String> texts = new HashSet<>();
        while (texts.size() < 500_000) {
            texts.add(word(random));
        }
        DfaConstraint[] compiled = new DfaConstraint[1];
        Duration worked = ProcessorTime.of(() -> compiled[0] = Choices.compile(texts, CompileLimits.DEFAULT));
        assertThat(worked).isLessThan(Duration.ofSeconds(10));
        ByteDfa dfa = compiled[0].dfa();
        for (String text : texts) {
            assertThat(dfa.accepts(text.getBytes(StandardCharsets.UTF_8))).isTrue();
        }
        for (int i = 0; i < 20_000; i++) {
            String text = word(random);
            assertThat(dfa.accepts(text.getBytes(StandardCharsets.UTF_8)))
                    .as("seed 11: %s", text)
                    .isEqualTo(texts.contains(text));
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int length = 4 + random.nextInt(3); length > 0; length--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    @Test
    void whatDoesNotFitIntoTheLimitsIsRefused() {
        List<byte[]> strings = randomStrings(new Random(13), 20_000, 60, 256);
        CompileLimits small = new CompileLimits(1_000, 10, 4L << 20, 80_000_000);
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> Literals.of(strings, CompileBudget.start(small)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }
}
