package io.bytelm.constraint.regex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcmaPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "([abc])+\\s+$",
                "^\\d{3}(-\\d{2,4})?$",
                "a{2}?b{2,}?c*?",
                "(?:a|)(?=b)(?!c)(?<=d)(?<!e)",
                "[]",
                "[^]",
                "[a\\-z-]",
                "(?<year>\\d+)-\\k<year>",
                "(?<a>x)|(?<a>y)",
                "(a)\\1",
                "\\u{1F600}",
                "\\uD83D\\uDE00[\\x41-\\x5A]\\cA\\0",
                "\\p{Lu}\\P{Script=Greek}\\p{General_Category=Decimal_Number}\\p{ASCII}",
                "\\-_?",
                "(?i-s:x)(?m:y)",
                "😀+[😀-😃]",
            })
    void isOne(String pattern) {
        assertThat(EcmaPattern.isValid(pattern)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(abc]",
                "(",
                ")",
                "[a",
                "a**",
                "*",
                "^*",
                "\\b+",
                "(?=a)*",
                "a{3,2}",
                "{1}",
                "}",
                "]",
                "\\Z",
                "\\A",
                "\\",
                "[b-a]",
                "[\\d-x]",
                "\\2(a)",
                "\\k<b>(?<a>x)",
                "(?<a>x)(?<a>y)",
                "(?<1a>x)",
                "(?P<a>x)",
                "(?i)x",
                "(?i-i:x)",
                "(?-:x)",
                "\\p{Klingon}",
                "\\p{lu}",
                "\\u{110000}",
                "\\01",
                "\\xG1",
                "(?#comment)",
                "a++",
                "[\\1]",
                "[]a]",
            })
    void isNone(String pattern) {
        assertThat(EcmaPattern.isValid(pattern)).isFalse();
    }

    @Test
    void oneFlagHoldsForAllOfIt() {
        assertThat(EcmaPattern.isValid("\\-")).isTrue(); // without u
        assertThat(EcmaPattern.isValid("\\p{L}")).isTrue(); // with u
        assertThat(EcmaPattern.isValid("\\-\\p{L}")).isFalse();
    }

    @Test
    void patternsThatNestVeryDeepAreNone() {
        assertThat(EcmaPattern.isValid("(".repeat(400) + ")".repeat(400))).isTrue();
        assertThat(EcmaPattern.isValid("(".repeat(100_000) + ")".repeat(100_000)))
                .isFalse();
    }
}
