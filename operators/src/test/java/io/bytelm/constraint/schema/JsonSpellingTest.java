package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Languages;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.json.JsonConstraint;
import io.bytelm.constraint.json.JsonOptions;
import io.bytelm.constraint.whitespace.Separators;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small languages, written out by the compiled schema and by hand: every way to spell each value, and nothing else. */
class JsonSpellingTest {
    private static final List<String> VALUES = List.of("", "a/", "é", "\"\\", "\n\u0001", "😀z", "\u007f");
    private static final Separators PYTHON = Separators.of(", ", ": ");

    private static Constraint compile(String quoted, Escapes escapes, Separators separators) {
        SchemaOptions options = SchemaOptions.GENERATION.written(escapes, separators);
        return JsonSchema.compile(quoted.replace('`', '"'), options, CompileLimits.DEFAULT);
    }

    /** A JSON string as RFC 8785 has it, which schemas are written with here. */
    private static String minimal(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().forEach(c -> text.append(forms(c, Escapes.MINIMAL).get(0)));
        return text.append('"').toString();
    }

    /** All texts of a value between quotes. */
    private static Set<String> spellings(String value, Escapes escapes) {
        List<String> texts = List.of("\"");
        for (int c : value.codePoints().toArray()) {
            List<String> longer = new ArrayList<>();
            for (String text : texts) {
                forms(c, escapes).forEach(form -> longer.add(text + form));
            }
            texts = longer;
        }
        Set<String> closed = new TreeSet<>();
        texts.forEach(text -> closed.add(text + '"'));
        return closed;
    }

    private static List<String> forms(int c, Escapes escapes) {
        List<String> forms = new ArrayList<>();
        String raw = Character.toString(c);
        int place = "\"\\\b\f\n\r\t".indexOf(raw);
        boolean must = place >= 0 || c < 0x20;
        if (place >= 0) {
            forms.add("\\" + "\"\\bfnrt".charAt(place));
        }
        if (!must && (escapes != Escapes.ASCII || (c >= 0x20 && c < 0x7F))) {
            forms.add(raw);
        }
        if (c == '/' && (escapes == Escapes.SLASH || escapes == Escapes.ANY)) {
            forms.add("\\/");
        }
        if (forms.isEmpty() && escapes != Escapes.ANY) {
            forms.add(hexadecimal(raw, false));
        } else if (escapes == Escapes.ANY) {
            forms.addAll(inAnyCase(hexadecimal(raw, false)));
        }
        return forms;
    }

    private static String hexadecimal(String raw, boolean upper) {
        StringBuilder text = new StringBuilder();
        for (char unit : raw.toCharArray()) {
            text.append("\\u").append(String.format(Locale.ROOT, upper ? "%04X" : "%04x", (int) unit));
        }
        return text.toString();
    }

    private static List<String> inAnyCase(String escaped) {
        List<String> texts = List.of("");
        for (char c : escaped.toCharArray()) {
            List<String> longer = new ArrayList<>();
            for (String text : texts) {
                longer.add(text + c);
                if (c >= 'a' && c <= 'f') {
                    longer.add(text + Character.toUpperCase(c));
                }
            }
            texts = longer;
        }
        return texts;
    }

    @ParameterizedTest
    @EnumSource(Escapes.class)
    void eachValueIsSpelledInEveryWayAndNoOther(Escapes escapes) {
        for (String value : VALUES) {
            Constraint constraint = compile("{`const`:" + minimal(value) + "}", escapes, Separators.COMPACT);
            assertThat(Languages.of(constraint, 60)).as(value).isEqualTo(spellings(value, escapes));
        }
    }

    @ParameterizedTest
    @EnumSource(Escapes.class)
    void charactersAreCountedHoweverTheyAreSpelled(Escapes escapes) {
        Constraint constraint = compile(
                "{`type`:`string`,`pattern`:`^[é/]*(😀|a)?$`,`minLength`:1,`maxLength`:2}",
                escapes,
                Separators.COMPACT);
        Set<String> all = new TreeSet<>();
        for (String value : List.of("é", "/", "😀", "a", "éé", "é/", "/é", "//", "é😀", "/😀", "éa", "/a")) {
            all.addAll(spellings(value, escapes));
        }
        assertThat(Languages.of(constraint, 60)).isEqualTo(all);
    }

    @Test
    void aKeyHasOneFormSinceItComesOnce() {
        String schema = "{`type`:`object`,`properties`:{`é/`:{`const`:`é`}},`additionalProperties`:false}";
        assertThat(Languages.of(compile(schema, Escapes.ANY, Separators.COMPACT), 40))
                .containsExactlyInAnyOrder("{}", "{\"é/\":\"é\"}", "{\"é/\":\"\\u00e9\"}", "{\"é/\":\"\\u00E9\"}");
        assertThat(Languages.of(compile(schema, Escapes.ASCII, Separators.COMPACT), 40))
                .containsExactlyInAnyOrder("{}", "{\"\\u00e9/\":\"\\u00e9\"}");
    }

    @Test
    void inAsciiKeysWithoutANameComeOnceToo() {
        Constraint constraint = compile(
                "{`type`:`object`,`patternProperties`:{`^[éa]$`:{`const`:1}},`additionalProperties`:false}",
                Escapes.ASCII,
                Separators.COMPACT);
        assertThat(Languages.of(constraint, 60))
                .containsExactlyInAnyOrder(
                        "{}", "{\"a\":1}", "{\"\\u00e9\":1}", "{\"a\":1,\"\\u00e9\":1}", "{\"\\u00e9\":1,\"a\":1}");
    }

    @Test
    void separatorsAlwaysStand() {
        String schema = "{`type`:`object`,`properties`:{`a`:{`type`:`array`,`items`:{`const`:1},`maxItems`:2},"
                + "`b`:{`const`:{`c`:[]}}},`required`:[`a`],`additionalProperties`:false}";
        SchemaOptions options =
                SchemaOptions.GENERATION.withSchemaOrder().written(Escapes.MINIMAL, Separators.of(",\n", " : "));
        Constraint constraint = JsonSchema.compile(schema.replace('`', '"'), options, CompileLimits.DEFAULT);
        Set<String> all = new TreeSet<>();
        for (String items : List.of("", "1", "1,\n1")) {
            for (String rest : List.of("", ",\n\"b\" : {\"c\" : []}")) {
                all.add("{\"a\" : [" + items + "]" + rest + "}");
            }
        }
        assertThat(Languages.of(constraint, 60)).isEqualTo(all);
    }

    @Test
    void jsonOfAnyShapeIsSpelledSoToo() {
        JsonOptions options = new JsonOptions(2, false, false).written(Escapes.ASCII, PYTHON);
        Constraint constraint = new JsonConstraint(options);
        for (String accepted : List.of(
                "{\"a\": 1, \"b\": [true, null]}",
                "[]",
                "{}",
                "[1, {}]",
                "\"\\u00e9\"",
                "[\"\\ud83d\\ude00\", -0.5e+3]")) {
            assertThat(RandomWalks.accepts(constraint, accepted.getBytes(UTF_8)))
                    .as(accepted)
                    .isTrue();
        }
        for (String refused : List.of(
                "{\"a\":1}",
                "[1,2]",
                "[1 , 2]",
                "[1,  2]",
                "[ 1]",
                "\"é\"",
                "\"\\u00E9\"",
                "\"\\/\"",
                "\"\\u0041\"",
                "1 ")) {
            assertThat(RandomWalks.accepts(constraint, refused.getBytes(UTF_8)))
                    .as(refused)
                    .isFalse();
        }
    }
}
