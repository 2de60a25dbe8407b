package io.bytelm.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes after which the rest fits, where their tables are kept and where they are too many to be kept. */
class ByteDfaWithinBytesTest {
    private static final int ROUNDS = 3;

    private static Expression words(int count, Random random) {
        return new Expression.Alternatives(random.ints(count, 1, 14)
                .mapToObj(length -> Expression.literal(random.ints(length, 'a', 'h')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()))
                .toList());
    }

    @Test
    void theBytesAreThoseAfterWhichTheRestFits() {
        for (int count : new int[] {1, 20, 3_000}) {
            CompileBudget budget = CompileBudget.start(CompileLimits.TRUSTED);
            ByteDfa dfa = ExpressionCompiler.compile(words(count, new Random(count)), Utf8.INSTANCE, budget);
            for (int round = 0; round < ROUNDS; round++) { // kept ones are asked again
                for (int state = 0; state < dfa.stateCount(); state++) {
                    for (int left = -1; left < 16; left++) {
                        assertThat(dfa.live(state, left))
                                .as("%d words, state %d, %d left", count, state, left)
                                .isEqualTo(expected(dfa, state, left));
                    }
                }
            }
        }
    }

    private static ByteSet expected(ByteDfa dfa, int state, int left) {
        return dfa.live(state).retain(b -> dfa.fewestBytesToAccept(dfa.next(state, b)) < left);
    }
}
