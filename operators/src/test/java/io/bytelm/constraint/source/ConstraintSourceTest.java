package io.bytelm.constraint.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConstraintSourceTest {
    private static Constraint compile(ConstraintSource source) {
        return source.compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    private static boolean accepts(ConstraintSource source, String text) {
        return RandomWalks.accepts(compile(source), text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
                    CHOICES ~ ["yes","no"] ~ no ~ maybe
                    REGEX ~ [a-c]+ ~ abc ~ abd
                    JSON ~ '' ~ {"a":[1,true]} ~ {"a":[1, true]}
                    JSON_SCHEMA ~ {"type":"integer"} ~ 17 ~ "17"
                    GBNF ~ root ::= "(" root? ")" ~ (()) ~ (()
                    LARK ~ start: "(" start? ")" ~ (()) ~ (()
                    """)
    void everyKindCompilesFromItsText(ConstraintKind kind, String text, String accepted, String rejected) {
        ConstraintSource source = ConstraintSource.of(kind, text);
        assertThat(accepts(source, accepted)).isTrue();
        assertThat(accepts(source, rejected)).isFalse();
    }

    @Test
    void optionsChangeWhatIsAccepted() {
        Set<ConstraintOption> spaced = Set.of(ConstraintOption.WHITESPACE);
        assertThat(accepts(new ConstraintSource(ConstraintKind.JSON, "", spaced), "[1, 2]"))
                .isTrue();
        Set<ConstraintOption> ordered = Set.of(ConstraintOption.SCHEMA_ORDER);
        String schema = "{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"null\"},\"a\":{\"type\":\"null\"}}}";
        String wrongOrder = "{\"a\":null,\"b\":null}";
        assertThat(accepts(ConstraintSource.of(ConstraintKind.JSON_SCHEMA, schema), wrongOrder))
                .isTrue();
        assertThat(accepts(new ConstraintSource(ConstraintKind.JSON_SCHEMA, schema, ordered), wrongOrder))
                .isFalse();
        Set<ConstraintOption> anyCase = Set.of(ConstraintOption.IGNORE_CASE);
        assertThat(accepts(new ConstraintSource(ConstraintKind.REGEX, "abc", anyCase), "aBc"))
                .isTrue();
        Set<ConstraintOption> search = Set.of(ConstraintOption.SEARCH);
        assertThat(accepts(new ConstraintSource(ConstraintKind.REGEX, "^b|c", search), "aca"))
                .isTrue();
        assertThat(accepts(new ConstraintSource(ConstraintKind.REGEX, "^b|c", search), "aba"))
                .isFalse();
        Set<ConstraintOption> annotated = Set.of(ConstraintOption.ANNOTATE_FORMATS);
        String date = "{\"type\":\"string\",\"format\":\"date\"}";
        assertThat(accepts(ConstraintSource.of(ConstraintKind.JSON_SCHEMA, date), "\"soon\""))
                .isFalse();
        assertThat(accepts(new ConstraintSource(ConstraintKind.JSON_SCHEMA, date, annotated), "\"soon\""))
                .isTrue();
        Constraint anyByte =
                compile(new ConstraintSource(ConstraintKind.REGEX, "\\xff.", Set.of(ConstraintOption.ANY_BYTE)));
        assertThat(RandomWalks.accepts(anyByte, new byte[] {(byte) 0xFF, (byte) 0x80}))
                .isTrue();
    }

    @Test
    void aRuleSaysWhichWhiteSpaceMayCome() {
        String indented = "{\n  \"a\": [1, 2]\n}";
        for (ConstraintKind kind : List.of(ConstraintKind.JSON, ConstraintKind.JSON_SCHEMA)) {
            String text = kind == ConstraintKind.JSON ? "" : "{}";
            assertThat(accepts(ConstraintSource.of(kind, text), indented)).isFalse();
            assertThat(accepts(new ConstraintSource(kind, text, Set.of(), WhitespaceRule.INDENTED), indented))
                    .isTrue();
            assertThat(accepts(new ConstraintSource(kind, text, Set.of(), new WhitespaceRule("", 3)), indented))
                    .isTrue();
            assertThat(accepts(new ConstraintSource(kind, text, Set.of(), new WhitespaceRule("", 2)), indented))
                    .isFalse();
        }
        String grammar = "root ::= %json {\"type\":\"array\"}";
        assertThat(accepts(ConstraintSource.of(ConstraintKind.GBNF, grammar), "[1, 2]"))
                .isFalse();
        assertThat(accepts(
                        new ConstraintSource(ConstraintKind.GBNF, grammar, Set.of(), WhitespaceRule.INDENTED),
                        "[1, 2]"))
                .isTrue();
        assertThatThrownBy(() -> new ConstraintSource(ConstraintKind.REGEX, "", Set.of(), WhitespaceRule.INDENTED))
                .hasMessage("a constraint of kind regex has no option whitespace");
        assertThatThrownBy(() -> new WhitespaceRule("", 1_001)).hasMessageContaining("0 to 1000, not 1001");
    }

    @Test
    void anOptionOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> new ConstraintSource(ConstraintKind.CHOICES, "", Set.of(ConstraintOption.WHITESPACE)))
                .isInstanceOf(ConstraintException.class)
                .hasMessage("a constraint of kind choices has no option whitespace");
        assertThatThrownBy(() -> ConstraintSource.of(ConstraintKind.JSON, "{}"))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("json-schema");
    }

    static Stream<Arguments> badSources() {
        return Stream.of(
                Arguments.of(ConstraintKind.CHOICES, "yes,no", "the choices are not JSON"),
                Arguments.of(ConstraintKind.CHOICES, "[1]", "a JSON list of texts"),
                Arguments.of(ConstraintKind.CHOICES, "[]", "at least one choice"),
                Arguments.of(ConstraintKind.CHOICES, "[\"a\"] x", "the choices are not JSON"),
                Arguments.of(ConstraintKind.REGEX, "a(b", "position"),
                Arguments.of(
                        ConstraintKind.JSON_SCHEMA,
                        "{",
                        "Unexpected end-of-input: expected close marker for Object (start"),
                Arguments.of(
                        ConstraintKind.JSON_SCHEMA,
                        "{\"a\": 1]",
                        "the schema is not JSON: Unexpected close marker ']'"),
                Arguments.of(
                        ConstraintKind.JSON_SCHEMA,
                        "{\"a\":".repeat(300),
                        "Document nesting depth (201) exceeds the maximum allowed (200)"),
                Arguments.of(ConstraintKind.GBNF, "root ::= nothing", "nothing"));
    }

    @ParameterizedTest
    @MethodSource("badSources")
    void aBadSourceIsRefusedWithAClearLine(ConstraintKind kind, String text, String said) {
        ConstraintSource source = ConstraintSource.of(kind, text);
        assertThatThrownBy(() -> compile(source))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining(said)
                .message()
                .doesNotContain("Source", "StreamRead");
    }

    static Stream<Arguments> hostileSources() {
        String parentheses = "(".repeat(20_000) + "\"a\"" + ")".repeat(20_000);
        return Stream.of(
                Arguments.of(ConstraintKind.REGEX, "((a{1,1000}){1,1000}){1,1000}"),
                Arguments.of(ConstraintKind.REGEX, parentheses),
                Arguments.of(ConstraintKind.REGEX, "(a|b)*a(a|b){40}"),
                Arguments.of(ConstraintKind.GBNF, "root ::= " + parentheses),
                Arguments.of(ConstraintKind.GBNF, "root ::= ((((\"a\"{99}){99}){99}){99}){99}"),
                Arguments.of(ConstraintKind.GBNF, "root ::= root | root root"),
                Arguments.of(ConstraintKind.LARK, "start: " + parentheses),
                Arguments.of(ConstraintKind.LARK, "start: ((((\"a\"~99)~99)~99)~99)~99"),
                Arguments.of(ConstraintKind.LARK, "start: A\nA: ~/((a{1,1000}){1,1000}){1,1000}/"),
                Arguments.of(ConstraintKind.LARK, "start: %json {\"$ref\":\"#\"}"),
                Arguments.of(ConstraintKind.CHOICES, "[".repeat(20_000)),
                Arguments.of(ConstraintKind.JSON_SCHEMA, "{\"items\":".repeat(20_000) + "{}" + "}".repeat(20_000)),
                Arguments.of(ConstraintKind.JSON_SCHEMA, "{\"$ref\":\"#\"}"),
                Arguments.of(ConstraintKind.JSON_SCHEMA, "{\"allOf\":[{\"$ref\":\"#\"}]}"),
                Arguments.of(
                        ConstraintKind.JSON_SCHEMA,
                        "{\"type\":\"string\",\"pattern\":\"^((a{1,1000}){1,1000}){1,1000}$\"}"));
    }

    @ParameterizedTest
    @MethodSource("hostileSources")
    void aHostileSourceIsRefusedWithinASecond(ConstraintKind kind, String text) {
        Duration worked = ProcessorTime.of(() -> {
            CompiledConstraint compiled = CompiledConstraint.of(ConstraintSource.of(kind, text), CompileLimits.DEFAULT);

            assertThat(compiled.constraint()).isNull();
            assertThatThrownBy(compiled::orThrow)
                    .isInstanceOf(ConstraintException.class)
                    .message()
                    .hasLineCount(1)
                    .hasSizeLessThan(300);
        });
        // the limit is two seconds of work; the rest is for reading the source, and for a slow machine
        assertThat(worked).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void noByteOfARepeatedAmbiguousGrammarTakesLong() {
        String json = """
                {"kind": "repeat", "item": {"kind": "gbnf", "source":
                  "root ::= x root x | x root | root root | x\\nx ::= \\"a\\" | \\"aa\\" | \\"a\\" root \\"a\\""}}""";
        Constraint constraint = compile(ConstraintSource.of(ConstraintKind.COMPOSED, json));
        Cursor[] at = {constraint.start()};
        Duration[] longest = {Duration.ZERO};
        try {
            for (int bytes = 0; bytes < 3_000; bytes++) {
                Duration worked = ProcessorTime.of(() -> at[0] = RandomWalks.step(at[0], 'a'));
                longest[0] = worked.compareTo(longest[0]) > 0 ? worked : longest[0];
            }
        } catch (ConstraintException tooAmbiguous) {
            assertThat(tooAmbiguous).hasMessageContaining("too ambiguous");
        }
        // some 40 ms where hot code is compiled well, six times as much where it is only compiled quickly, as for tests
        assertThat(longest[0]).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void anAmbiguousGrammarCompilesAndStaysSmall() {
        ConstraintSource source = ConstraintSource.of(ConstraintKind.GBNF, "root ::= root root | \"a\" | \"aa\"");
        byte[] text = "a".repeat(2_000).getBytes(UTF_8);
        Duration worked = ProcessorTime.of(() ->
                assertThat(RandomWalks.after(compile(source), text).accepting()).isTrue());
        assertThat(worked).isLessThan(Duration.ofSeconds(4));
    }
}
