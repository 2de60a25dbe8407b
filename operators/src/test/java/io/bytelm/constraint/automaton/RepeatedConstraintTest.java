package io.bytelm.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counter against the automaton that counts by its states. */
class RepeatedConstraintTest {
    private static final CodePointSet LETTERS =
            CodePointSet.ofBounds('a', 'c', 0xE9, 0xEA, 0x20AC, 0x20AC, 0x1F600, 0x1F601);

    private static ByteDfa compile(Expression expression) {
        return ExpressionCompiler.compile(expression, Utf8.INSTANCE, CompileBudget.start(CompileLimits.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 5", "1, 1", "2, 4", "3, 3", "0, 2147483647", "3, 2147483647"})
    void everyAnswerIsThatOfTheUnrolledAutomaton(int min, int max) {
        Expression letter = new Expression.Chars(LETTERS);
        Constraint unrolled = new DfaConstraint(compile(new Expression.Repeat(letter, min, max)));
        Constraint counted = new RepeatedConstraint(compile(letter), min, max);
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Cursor expected = unrolled.start();
            Cursor actual = counted.start();
            for (int step = 0; step < 24 && !expected.live().isEmpty(); step++) {
                assertSame("seed " + seed, actual, expected);
                int next = RandomWalks.choose(expected.live(), random);
                expected = RandomWalks.step(expected, next);
                actual = counted.restore(RandomWalks.step(actual, next).save());
            }
            assertSame("seed " + seed, actual, expected);
        }
    }

    private static void assertSame(String name, Cursor actual, Cursor expected) {
        assertThat(actual.live()).as(name).isEqualTo(expected.live());
        assertThat(actual.accepting()).as(name).isEqualTo(expected.accepting());
        assertThat(actual.fewestBytesToAccept()).as(name).isEqualTo(expected.fewestBytesToAccept());
        for (int left = 0; left < 12; left++) {
            assertThat(actual.live(left)).as(name).isEqualTo(expected.live(left));
        }
        for (int b = 0; b < 256; b += 3) {
            assertThat(actual.step(b) == null).as(name).isEqualTo(expected.step(b) == null);
        }
    }

    @Test
    void aThousandLettersOfUnicodeAreCounted() {
        Constraint[] compiled = new Constraint[1];
        Duration worked = ProcessorTime.of(
                () -> compiled[0] = Regex.compile("\\p{L}{2,1000}", RegexOptions.FULL_MATCH, CompileLimits.DEFAULT));
        assertThat(worked).isLessThan(Duration.ofSeconds(2));
        for (int count : new int[] {0, 1, 2, 999, 1_000, 1_001}) {
            assertThat(RandomWalks.accepts(compiled[0], "字".repeat(count).getBytes(StandardCharsets.UTF_8)))
                    .as("%d", count)
                    .isEqualTo(count >= 2 && count <= 1_000);
        }
        assertThat(RandomWalks.accepts(compiled[0], "a1".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        Cursor full = RandomWalks.after(compiled[0], "é".repeat(1_000).getBytes(StandardCharsets.UTF_8));
        assertThat(full.live()).isEqualTo(ByteSet.NONE);
    }

    @Test
    void whatIsNoPositionIsNotRestored() {
        Constraint counted = new RepeatedConstraint(compile(new Expression.Chars(LETTERS)), 1, 3);
        for (byte[] saved :
                new byte[][] {{}, {0, 0, 0, 4, 0, 0, 0, 0}, {0, 0, 0, 3, 0, 0, 0, 2}, {0, 0, 0, 0, 0, 0, 9, 9}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> counted.restore(saved));
        }
    }
}
