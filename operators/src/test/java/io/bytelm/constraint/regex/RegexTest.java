package io.bytelm.constraint.regex;

import static io.bytelm.constraint.RandomWalks.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    private static ByteDfa compile(String pattern, RegexOptions options) {
        return ((DfaConstraint) Regex.compile(pattern, options, CompileLimits.DEFAULT)).dfa();
    }

    private static boolean matches(String pattern, String text) {
        return compile(pattern, RegexOptions.FULL_MATCH).accepts(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean finds(String pattern, String text) {
        return compile(pattern, RegexOptions.SEARCH).accepts(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "a|bc, bc, abc",
                "(?:ab)+, abab, aba",
                "(?<year>[0-9]{4})-(?P<m>\\d\\d), 2024-05, 2024-5",
                "a{2}, aa, aaa",
                "a{2}, aa, a",
                "\"a{2,}\", aaaaa, a",
                "\"a{1,3}\", aaa, aaaa",
                "a{0}b, b, ab",
                "a+?b*?, aab, b",
                "[^a-c]x, dx, ax",
                "[]|[\\]\\-x], -, y",
                "[\\w.-]+, a_9.-, a b",
                "\\x41\\x{1F600}, A😀, A",
                "\\u00e9\\u{E9}\\uD83D\\uDE00, éé😀, éé",
                "\\p{Lu}\\p{Script=Greek}\\P{L}, Aω1, Aω1x",
                "\\p{IsHan}\\pL, 漢字, 漢1",
                ".*\\.\\/, a./, a.",
                "(?i)straSSe\\d, STRAsse5, strasse",
                "(?i:a)b, Ab, AB",
                "a(?-i)b(?#note)c, abc, abC",
                "(?i)\\u1FD3\\uFB05, \u0390\uFB06, \u0390s",
                "{x}a{, {x}a{, xa",
                "^a$, a, aa",
                "\\Aa\\z, a, b",
                "(?=.*\\d)(?=.*[a-z])[a-z0-9]{3}, a1b, abc",
                "((?!foo).)*, bar, afoo",
                "(?!(?:no|never)$).*, nothing, never",
                "(?:a(?=b)|b)+, abab, aa",
                "\\w+(?<!x)!, ab!, ax!",
                "(?:\\b\\w+\\b ?)+, ab cd, \"ab, \"",
                "a\\Bb, ab, a b",
            })
    void aPatternAcceptsTheOneTextAndNotTheOther(String pattern, String accepted, String rejected) {
        assertThat(matches(pattern, accepted)).as("accepts " + accepted).isTrue();
        assertThat(matches(pattern, rejected)).as("accepts " + rejected).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "b, abc, ac",
        "^b, bc, ab",
        "b$, ab, ba",
        "^a|b$, ax, xa",
        "'(^|,)a(,|$)', 'x,a', 'xa'",
        "x*, anything, ",
        "\\bcat\\b, a cat!, concat",
        "^(?=.*x)a, aax, aa",
        "a$^|b, b, a",
    })
    void aSearchAcceptsTheOneTextAndNotTheOther(String pattern, String accepted, String rejected) {
        assertThat(finds(pattern, accepted)).as("accepts " + accepted).isTrue();
        if (rejected != null) {
            assertThat(finds(pattern, rejected)).as("accepts " + rejected).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a(b, SYNTAX, 3",
        "ab), SYNTAX, 2",
        "*a, SYNTAX, 0",
        "a**, SYNTAX, 2",
        "a|?, SYNTAX, 2",
        "^*, SYNTAX, 1",
        "'a{3,2}', SYNTAX, 1",
        "'a{,2}', SYNTAX, 1",
        "[z-a], SYNTAX, 1",
        "[ab, SYNTAX, 0",
        "ab\\, SYNTAX, 2",
        "\\x4, SYNTAX, 0",
        "\\u{110000}, SYNTAX, 0",
        "(?<1>a), SYNTAX, 3",
        "(a)\\1, UNSUPPORTED, 3",
        "(?<x>a)\\k<x>, UNSUPPORTED, 7",
        "(?P=x), UNSUPPORTED, 0",
        "a++, UNSUPPORTED, 1",
        "(?>a), UNSUPPORTED, 0",
        "(?(1)a|b), UNSUPPORTED, 0",
        "\\Qa\\E, UNSUPPORTED, 0",
        "\\012, UNSUPPORTED, 0",
        "\\p{Klingon}, UNSUPPORTED, 0",
        "[[:alpha:]], UNSUPPORTED, 1",
        "a], SYNTAX, 1",
        "[a-z&&[^b]], SYNTAX, 10",
        "[]a], SYNTAX, 3",
        "a{12345678901}, UNSUPPORTED, 1",
        "(?<=a(?=b))c, UNSUPPORTED, -1",
        "[], UNSATISFIABLE, -1",
        "a^b, UNSATISFIABLE, -1",
        "\\uD800, UNSATISFIABLE, -1",
    })
    void aRefusalNamesReasonAndPosition(String pattern, Reason reason, int position) {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile(pattern, RegexOptions.FULL_MATCH))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.position()).isEqualTo(position);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((a{1,200}){1,200}){1,200}){1,200}){1,200}",
                "(((((((((a*)*)*)*){99}){99}){99}){99}){99})",
                "(a|b)*a(a|b){40}",
                ".*é.{18}ü",
                "(\\p{L}*\\p{Nd}?){3000}",
                "(?=(a|b)*a(a|b){16}$)(?!(a|b)*b(a|b){11}$)[ab]*(?=[ab]*aba[ab]{12}$)[ab]*",
                "((){1000}){1000}{1000000}(){999999999}",
                "(){999999999}",
                "^(a?){50000}$",
                "^(a?b?c?){16000}$",
            })
    void aHostilePatternIsRefusedWithinASecond(String pattern) {
        Duration worked = ProcessorTime.of(() -> assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile(pattern, RegexOptions.SEARCH))
                .satisfies(e -> assertThat(e.reason()).isIn(Reason.TOO_LARGE, Reason.TOO_SLOW, Reason.SYNTAX)));
        // the limit is two seconds of work; the rest is for reading the pattern, and for a slow machine
        assertThat(worked).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void twentyThousandParenthesesAreRefused() {
        String pattern = "(".repeat(20_000) + "a" + ")".repeat(20_000);
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile(pattern, RegexOptions.FULL_MATCH))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP));
    }

    @Test
    void twoHundredParenthesesAreRead() {
        assertThat(matches("(".repeat(200) + "a" + ")".repeat(200), "a")).isTrue();
    }

    @Test
    void anyByteTextHasEveryByteInTheDot() {
        ByteDfa dfa = compile(
                "\\xFF.[^\\x80-\\xFF]", RegexOptions.FULL_MATCH.withAnyByte().withDotAll());
        assertThat(dfa.accepts(new byte[] {(byte) 0xFF, (byte) 0x80, 0x7F})).isTrue();
        assertThat(dfa.accepts(new byte[] {(byte) 0xFF, '\n', (byte) 0x80})).isFalse();
        assertThat(dfa.live(1)).isEqualTo(ByteSet.ALL);
    }

    @Test
    void equalLanguagesGiveEqualAutomata() {
        ByteDfa one = compile("(a|b)*abb", RegexOptions.FULL_MATCH);
        ByteDfa other = compile("(a*b*)*abb", RegexOptions.FULL_MATCH);
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.stateCount()).isEqualTo(4);
        assertThat(one.fingerprint())
                .isNotEqualTo(compile("(a|b)*ab", RegexOptions.FULL_MATCH).fingerprint());
    }

    @Test
    void aCursorSaysWhatMayCome() {
        Cursor start = Regex.compile("ab(c|dd)?|é", RegexOptions.FULL_MATCH, CompileLimits.DEFAULT)
                .start();
        assertThat(start.live()).isEqualTo(ByteSet.of('a', 0xC3));
        assertThat(start.forcedByte()).isEqualTo(-1);
        assertThat(start.step('b')).isNull();
        Cursor afterA = step(start, 'a');
        assertThat(afterA.forcedByte()).isEqualTo('b');
        assertThat(afterA.accepting()).isFalse();
        Cursor afterAb = step(afterA, 'b');
        assertThat(afterAb.accepting()).isTrue();
        assertThat(afterAb.fewestBytesToAccept()).isZero();
        assertThat(afterAb.live(2)).isEqualTo(ByteSet.of('c', 'd'));
        assertThat(afterAb.live(1)).isEqualTo(ByteSet.of('c'));
        assertThat(afterAb.live(0)).isEqualTo(ByteSet.NONE);
        assertThat(step(afterAb, 'c').live()).isEqualTo(ByteSet.NONE);
    }

    @Test
    void aSavedCursorGoesOnWhereItWas() {
        var constraint = Regex.compile("abc|abd", RegexOptions.FULL_MATCH, CompileLimits.DEFAULT);
        Cursor cursor = RandomWalks.after(constraint, new byte[] {'a', 'b'});
        Cursor restored = constraint.restore(cursor.save());
        assertThat(restored.live()).isEqualTo(ByteSet.of('c', 'd'));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> constraint.restore(new byte[] {0, 0, 1, 0}));
    }
}
