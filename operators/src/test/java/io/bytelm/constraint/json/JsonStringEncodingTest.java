package io.bytelm.constraint.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonStringEncodingTest {
    private static CompileBudget budget() {
        return CompileBudget.start(CompileLimits.DEFAULT);
    }

    private static boolean accepts(ByteDfa dfa, String text) {
        return dfa.accepts(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(int codePoint) {
        StringBuilder escaped = new StringBuilder();
        for (char unit : Character.toChars(codePoint)) {
            escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
        return escaped.toString();
    }

    @Test
    void aSetHoldsEveryFormOfItsMembersAndNoFormOfOthers() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int[] bounds = new int[2 * (1 + random.nextInt(20))];
            for (int i = 0; i < bounds.length; i += 2) {
                bounds[i] = random.nextInt(1 << 4 + random.nextInt(17));
                bounds[i + 1] = Math.min(0x10FFFF, bounds[i] + random.nextInt(1 << random.nextInt(14)));
            }
            CodePointSet set = CodePointSet.ofBounds(bounds);
            ByteDfa dfa = ExpressionCompiler.compile(new Expression.Chars(set), JsonStringEncoding.ALL_FORMS, budget());
            for (int c = 0; c <= 0x10FFFF; c += 1 + random.nextInt(c < 0x100 ? 1 : 67)) {
                if (c < 0xD800 || c > 0xDFFF) {
                    String escaped = escaped(c);
                    assertThat(accepts(dfa, escaped))
                            .as("seed %d, %s", seed, escaped)
                            .isEqualTo(set.contains(c));
                    String upper = "\\u" + escaped.substring(2, 6).toUpperCase(Locale.ROOT) + escaped.substring(6);
                    assertThat(accepts(dfa, upper)).isEqualTo(set.contains(c));
                    boolean mayBeItself = c >= 0x20 && c != '"' && c != '\\';
                    assertThat(accepts(dfa, Character.toString(c))).isEqualTo(mayBeItself && set.contains(c));
                }
            }
        }
    }

    @Test
    void theShortestFormsEscapeOnlyWhatMustBe() {
        ByteDfa dfa = ExpressionCompiler.compile(
                new Expression.Chars(CodePointSet.ALL), JsonStringEncoding.SHORTEST_FORMS, budget());
        assertThat(accepts(dfa, "\\n")).isTrue();
        assertThat(accepts(dfa, "\\u001f")).isTrue();
        assertThat(accepts(dfa, "\\\"")).isTrue();
        assertThat(accepts(dfa, "é")).isTrue();
        assertThat(accepts(dfa, "\\/")).isFalse();
        assertThat(accepts(dfa, "\\u0041")).isFalse();
        assertThat(accepts(dfa, "\\ud83d\\ude00")).isFalse();
    }

    @Test
    void aPatternIsAboutTheCharactersNotTheirForms() {
        ByteDfa dfa =
                Regex.compile("^(?!.*bad)\\w+\\b[^a]?$", RegexOptions.SEARCH, JsonStringEncoding.ALL_FORMS, budget());
        assertThat(accepts(dfa, "ok")).isTrue();
        assertThat(accepts(dfa, "\\u006fk\\n")).isTrue();
        assertThat(accepts(dfa, "b\\u0061d")).isFalse();
        assertThat(accepts(dfa, "ok\\u0061")).isTrue();
        assertThat(accepts(dfa, "ok \\u0061")).isFalse();
        assertThat(accepts(dfa, "ok\n")).isFalse();
    }
}
