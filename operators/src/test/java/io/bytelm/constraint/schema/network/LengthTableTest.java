package io.bytelm.constraint.schema.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.schema.text.Lengths;
import io.bytelm.constraint.schema.text.Texts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shortest rests of limited lengths against automata that count with states. */
class LengthTableTest {
    private static final int[][] LIMITS = {
        {0, 0}, {0, 1}, {0, 9}, {3, 5}, {7, 40}, {40, 40}, {6, Integer.MAX_VALUE}, {31, Integer.MAX_VALUE}
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[a-z]*$",
                "^(ab)*$",
                "^(abc|é)*$",
                "^a{3}(bc)*d?$",
                "^(\"|\\\\|x\\n)*$",
                "^x{0,12}y*(zz)*$",
                "^(a{5}|😀)*$",
                "b",
                "^a{0,20}$",
                "^[-a-z0-9]+(\\.[a-z]+)*@[a-z]{2,5}$"
            })
    void theFewestBytesAreThoseOfTheCountedAutomaton(String pattern) {
        CompileBudget budget = CompileBudget.start(CompileLimits.TRUSTED);
        ByteDfa texts = Texts.matching(pattern, budget);
        for (int[] limit : LIMITS) {
            LengthTable table = new LengthTable(texts, limit[0], limit[1], budget);
            ByteDfa counted = Lengths.limit(texts, limit[0], limit[1], budget);
            for (int count = 0; count <= Math.min(45, limit[1]); count++) {
                int left = limit[1] == Integer.MAX_VALUE ? limit[1] : limit[1] - count;
                ByteDfa rest = Lengths.limit(texts, Math.max(0, limit[0] - count), left, budget);
                assertThat(table.fewestBytesAfter(0, count))
                        .as("%s, %d to %d, after %d", pattern, limit[0], limit[1], count)
                        .isEqualTo(rest.isEmpty() ? Cursor.VERY_MANY_BYTES : rest.fewestBytesToAccept(0));
            }
            assertThat(table.canComplete(0, 0)).isEqualTo(!counted.isEmpty());
        }
    }
}
