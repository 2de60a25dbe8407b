package io.bytelm.constraint.regex;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is negated under {@code (?i)} is the complement of what its positive form matches there. */
class FoldedComplementTest {
    private static final String LONG_S_AND_KELVIN = "\u017F\u212A";
    private static final int LAST_COMPARED = 0x2FFF;
    /** Java takes the dotted and the dotless i for i; simple case folding does not. */
    private static final String LETTERS_I = "\u0130\u0131";

    private static final String[] MEMBERS = {
        "a", "K", "s", "z", "é", "Ω", "σ", "ж", "a-f", "Q-T", "à-ö", "α-ω", "0-9", "_", "\\d", "\\W", "\\w", "\\S",
        "\\D"
    };

    private static boolean matches(String pattern, int codePoint) {
        return dfa(pattern).accepts(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }

    private static ByteDfa dfa(String pattern) {
        return ((DfaConstraint) Regex.compile(pattern, RegexOptions.FULL_MATCH, CompileLimits.DEFAULT)).dfa();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?i)\\W", "(?i)[\\W]", "(?i)[^\\w]", "(?i:\\W)", "(?i)[^a-z0-9_]"})
    void noLetterOfAWordIsOutsideOfWords(String pattern) {
        for (char c : "sSkKaZ\u017F\u212A0_".toCharArray()) {
            assertThat(matches(pattern, c)).as("%s on U+%04X", pattern, (int) c).isFalse();
        }
        assertThat(matches(pattern, ' ')).isTrue();
        assertThat(matches(pattern, 'é')).isTrue();
    }

    @Test
    void aNegatedPropertyIsTheComplementOfTheFoldedOne() {
        for (int c : new int[] {'a', 'A', 'é', 'É', '1', ' ', 0x131, 0x1E9E, 0xDF}) {
            for (String name : new String[] {"{Lu}", "{Ll}", "{Lt}", "{Greek}", "{L}"}) {
                assertThat(matches("(?i)\\P" + name, c))
                        .as("%s on U+%04X", name, c)
                        .isNotEqualTo(matches("(?i)\\p" + name, c));
            }
        }
        assertThat(matches("(?i)\\P{Lu}", 'a')).isFalse();
        assertThat(matches("(?i)[^\\P{Lu}]", 'a')).isTrue();
    }

    @Test
    void simpleCaseFoldingHasNoDottedAndNoDotlessI() {
        ByteDfa id = dfa("(?i:ID)");
        for (String text : new String[] {"ID", "id", "iD"}) {
            assertThat(id.accepts(text.getBytes(StandardCharsets.UTF_8))).isTrue();
        }
        for (String text : new String[] {"\u0131d", "\u0130D"}) {
            assertThat(id.accepts(text.getBytes(StandardCharsets.UTF_8))).isFalse();
        }
        assertThat(matches("(?i)\u0131", 'I')).isFalse();
        assertThat(matches("(?i)[^i]", 0x130)).isTrue();
        assertThat(matches("(?i)ẞ", 'ß')).isTrue();
    }

    @Test
    void randomClassesMatchWhatTheyMatchInJava() {
        int compared = 0;
        for (long seed = 0; seed < 150; seed++) {
            String pattern = "(?i)" + randomClass(new Random(seed), 2);
            Pattern java = Pattern.compile(inJava(pattern), Pattern.UNICODE_CASE);
            ByteDfa dfa = dfaOrNothing(pattern);
            for (int c = 0; c <= LAST_COMPARED; c++) {
                if (LETTERS_I.indexOf(c) >= 0) {
                    continue;
                }
                String text = Character.toString(c);
                boolean actual = dfa != null && dfa.accepts(text.getBytes(StandardCharsets.UTF_8));
                boolean expected = java.matcher(text).matches();
                if (actual != expected) {
                    assertThat(actual)
                            .as("seed %d: %s on U+%04X", seed, pattern, c)
                            .isEqualTo(expected);
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1_000_000);
    }

    private static @Nullable ByteDfa dfaOrNothing(String pattern) {
        try {
            return dfa(pattern);
        } catch (ConstraintException nothing) {
            assertThat(nothing.reason()).isEqualTo(ConstraintException.Reason.UNSATISFIABLE);
            return null;
        }
    }

    /** ECMA-262's words have two letters more under these flags, and its space is Unicode's. */
    private static String inJava(String pattern) {
        String space = "\\s\\x0B\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
        return pattern.replace("\\W", "[^a-zA-Z0-9_" + LONG_S_AND_KELVIN + "]")
                .replace("\\w", "[a-zA-Z0-9_" + LONG_S_AND_KELVIN + "]")
                .replace("\\S", "[^" + space + "]");
    }

    private static String randomClass(Random random, int most) {
        StringBuilder members = new StringBuilder(random.nextBoolean() ? "[^" : "[");
        for (int count = random.nextInt(most + 1); count >= 0; count--) {
            members.append(MEMBERS[random.nextInt(MEMBERS.length)]);
        }
        return members.append(']').toString();
    }
}
