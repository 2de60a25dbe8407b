package io.bytelm.constraint.lark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LarkTest {
    private static Constraint compiled(String grammar) {
        return ConstraintSource.of(ConstraintKind.LARK, grammar).compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    private static boolean derives(String grammar, String text) {
        return RandomWalks.accepts(compiled(grammar), text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aToolCallIsTextOrASchema() {
        String grammar = """
                start: TEXT | call
                TEXT: /[^{](.|\\n)*/
                call: %json {
                  "type": "object",
                  "properties": {"name": {"const": "get_weather"}, "city": {"type": "string"}},
                  "required": ["name"], "additionalProperties": false
                }
                """;
        assertThat(derives(grammar, "There is {nothing} to call\n")).isTrue();
        assertThat(derives(grammar, "{\"city\":\"Oslo\",\"name\":\"get_weather\"}"))
                .isTrue();
        assertThat(derives(grammar, "{\"city\":\"Oslo\"}")).isFalse();
    }

    @Test
    void schemasStandWithinRecursionAndAfterWhatIsIgnored() {
        String grammar = """
                %import common.WS_INLINE
                %ignore WS_INLINE
                start: "(" start ")" | value ("," value)*
                value: %json {"enum": [1, 12, "a"]}
                """;
        assertThat(derives(grammar, "(( 1, 12,\"a\" ) ) ")).isTrue();
        assertThat(derives(grammar, "((12)")).isFalse();
        assertThat(derives(grammar, "(1 2)")).isFalse();
    }

    @Test
    void terminalsHaveAndAndNot() {
        String grammar = "start: A\nA: /[a-c]{1,3}/ & ~\"abc\" & ~/b.*/";
        assertThat(derives(grammar, "abb")).isTrue();
        assertThat(derives(grammar, "abc")).isFalse();
        assertThat(derives(grammar, "bca")).isFalse();
        assertThat(derives(grammar, "d")).isFalse();
    }

    @Test
    void rulesTakeTurnsWithSchemasAndExpressions() {
        String grammar = """
                start: "I " verb "not "? %json {"enum": ["know", "care"]} | NUMBER ~ 1..3
                verb: /(do|can) /i
                %import common.NUMBER
                %ignore " "
                """;
        assertThat(derives(grammar, "I DO  not \"care\" ")).isTrue();
        assertThat(derives(grammar, " 1.5 2e7 3")).isTrue();
        assertThat(derives(grammar, "I do not care")).isFalse();
    }

    @Test
    void countsAreOfLlguidanceToo() {
        assertThat(derives("start: \"a\"{2} \"b\"{,2} \"c\"{1,}", "aabccc")).isTrue();
        assertThat(derives("start: \"a\"{2} \"b\"{,2} \"c\"{1,}", "aabbbc")).isFalse();
        assertThat(derives("start: x{1200}\nx: \"a\" | \"b\"", "ab".repeat(600)))
                .isTrue();
        assertThat(derives("start: (\"a\" | \"b\")~1200", "ab".repeat(599))).isFalse();
    }

    @Test
    void linesGoOnInBracketsAndBeforeBars() {
        String grammar = "start[capture]: (\n  \"a\" // one\n  | \"b\"\n)\n\n  # two\n  | \"c\" -> three\n";
        assertThat(derives(grammar, "b")).isTrue();
        assertThat(derives(grammar, "c")).isTrue();
        assertThat(derives(grammar, "ac")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    st: "a"                          ~ line 1, column 1: there is no rule start
                    start: x                         ~ line 1, column 8: there is no rule x
                    start: INT                       ~ line 1, column 8: there is no terminal INT; %import common.INT imports it
                    start: "a" |start: "b"           ~ line 1, column 18: it is :; allowed is
                    start: "a                        ~ line 1, column 8: the string does not end in its line
                    start: "\\q"                     ~ line 1, column 10: an unknown escape
                    start: /a/x                      ~ line 1, column 8: the flag x is not supported
                    start: /a(?=b)/                  ~ line 1, column 8: ^, $, \\b and look-arounds are not supported
                    start: /a[/                      ~ line 1, column 8: the regular expression: the pattern is malformed
                    start: <|end|>                   ~ line 1, column 8: special tokens are not supported
                    start: @other                    ~ line 1, column 8: there are no other grammars
                    start: x{a}                      ~ line 1, column 9: templates are not supported
                    start{a}: a                      ~ line 1, column 1: templates and parameters of rules are not supported
                    start[lazy]: /a/                 ~ line 1, column 7: the option lazy of the rule start is not supported
                    start: %regex {"a":1}            ~ line 1, column 8: %regex is not supported
                    start: %json [1]                 ~ line 1, column 8: after %json comes a JSON object in braces
                    start: %json {"type":"strin"}    ~ line 1, column 8: the schema: #/type
                    %declare A                       ~ line 1, column 1: %declare is not supported
                    %llguidance {"a":1}              ~ line 1, column 1: %llguidance is not supported
                    %import python.NAME              ~ line 1, column 1: only terminals of common can be imported
                    %import common.NAME              ~ line 1, column 16: common has no NAME; it has
                    start: "a" & "b"                 ~ line 1, column 8: & and ~ are for terminals
                    start: "b".."a"                  ~ line 1, column 8: the range is out of order
                    start: "ab".."c"                 ~ line 1, column 8: a range is from one character to another
                    start: §                         ~ line 1, column 8: "§" means nothing here
                    start: ("a"                      ~ it is the end of the grammar; allowed is ")" at the end of a group
                    """)
    void whatIsNotReadIsRefusedByName(String grammar, String message) {
        assertThatThrownBy(() -> compiled(grammar))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining(message);
    }

    @Test
    void placesAreCountedInLinesAndCharacters() {
        assertThatThrownBy(() -> compiled("start: a\n\na: \"😀\" b\n"))
                .hasMessageContaining("line 3, column 8: there is no rule b");
        assertThatThrownBy(() -> compiled("start: A\nA: \"a\" B\nB: A"))
                .hasMessageContaining("line 3, column 4: the terminal A uses itself");
        assertThatThrownBy(() -> compiled("start: A\nA: \"a\" b\nb: A"))
                .hasMessageContaining("line 2, column 8: a terminal is made of terminals");
        assertThatThrownBy(() -> compiled("start: \"a\"\nstart: \"b\""))
                .hasMessageContaining("line 2, column 1: start is defined twice");
        assertThatThrownBy(() -> compiled("start: \"a\"~3..2"))
                .hasMessageContaining("line 1, column 11: the counts are in the wrong order: 3 and 2");
        assertThatThrownBy(() -> compiled("start: start \"a\"")).hasMessageContaining("derives no text");
    }

    @Test
    void negationsAreNestedAsGroupsAre() {
        assertThat(derives("start: A\nA: " + "~".repeat(100) + "\"a\"", "a")).isTrue();
        assertThatThrownBy(() -> compiled("start: A\nA: " + "~".repeat(300) + "\"a\""))
                .hasMessageContaining("line 2, column 254: nested more than 250 levels deep");
    }

    @Test
    void manyGroupsInALineTakeTheTimeOfItsLength() {
        String grammar = "start: \"😀\"" + "(\"a\")".repeat(25_000);
        assertThat(ProcessorTime.of(() -> compiled(grammar))).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void hostileTextsAreRefusedAndNeverFail() {
        for (String grammar : new String[] {
            "",
            " ",
            ":",
            "start",
            "%",
            "\"",
            "/",
            "start: /",
            "start: ~",
            "start: (".repeat(3),
            "start: \"\\",
            "start: \"\\x",
            "start: \"\\ud800\"",
            "start: %json",
            "start: %json {",
            "start: " + "(".repeat(100_000),
            "start: " + "~".repeat(100_000),
            "start: \"a\"~999999999",
            "start: \"a\"~9999999999",
            " ".repeat(1 << 20),
            "a".repeat(1 << 20),
            "\"" + "a".repeat(1 << 20)
        }) {
            assertThatThrownBy(() -> compiled(grammar))
                    .as(grammar.length() < 40 ? grammar : "" + grammar.length())
                    .isInstanceOf(ConstraintException.class);
        }
    }
}
