package io.bytelm.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, names and references that no document can have are refused where they stand, before they cost anything. */
class RefusedPlacesTest {
    private static SchemaConstraint compile(String schema) {
        return JsonSchema.compile(schema.replace('`', '"'), SchemaOptions.GENERATION, CompileLimits.DEFAULT);
    }

    private static void assertRefusedAt(String schema, String pointer, Reason reason) {
        Duration worked = ProcessorTime.of(() -> assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile(schema))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .withMessageStartingWith(pointer + ": "));
        assertThat(worked).isLessThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "multipleOf; 1e999999999",
                "multipleOf; 1E+3000000",
                "multipleOf; 1e-999999999",
                "minimum; -1e999999999",
                "maximum; 1e-3000000",
                "exclusiveMinimum; 1e999999999",
                "exclusiveMaximum; 1e2147483647",
                "minLength; 1e999999999",
                "maxLength; 1e999999999",
                "minItems; 1e999999999",
                "maxItems; 1e3000000",
                "minProperties; 1e999999999",
                "maxProperties; 1e999999999",
                "const; 1e999999999",
            })
    void aNumberIsNeverWrittenOutThatHasTooManyDigits(String keyword, String number) {
        assertRefusedAt(
                "{`properties`:{`a`:{`" + keyword + "`:" + number + "}}}",
                "#/properties/a/" + keyword,
                Reason.TOO_LARGE);
    }

    @Test
    void anExponentThatNoNumberHasIsRefusedAtOnce() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile("{`multipleOf`:1e99999999999}"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
                .withMessageContaining("a number of more than 400 digits");
    }

    @Test
    void numbersInListsAndInValuesOfListsAreLookedAtToo() {
        assertRefusedAt("{`enum`:[1,1e999999999]}", "#/enum/1", Reason.TOO_LARGE);
        assertRefusedAt("{`enum`:[{`a/b`:[0,-1e-3000000]}]}", "#/enum/0/a~1b/1", Reason.TOO_LARGE);
        assertRefusedAt("{`contains`:{},`minContains`:1e999999999}", "#/minContains", Reason.TOO_LARGE);
        assertRefusedAt("{`contains`:{},`maxContains`:1e999999999}", "#/maxContains", Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minProperties", "minItems", "minLength"})
    void whatNoDocumentReachesIsRefused(String keyword) {
        assertRefusedAt("{`" + keyword + "`:2147483647}", "#/" + keyword, Reason.TOO_LARGE);
    }

    @Test
    void theSameAskedForByItsOppositeIsRefusedWhereItIsAskedFor() {
        assertRefusedAt(
                "{`properties`:{`a`:{`type`:`object`,`not`:{`maxProperties`:2147483646}}}}",
                "#/properties/a",
                Reason.TOO_LARGE);
    }

    @Test
    void numbersWithinReasonAreExactStill() {
        assertThat(accepts("{`multipleOf`:1e-3}", "0.125")).isTrue();
        assertThat(accepts("{`multipleOf`:1e-3}", "0.1255")).isFalse();
        assertThat(accepts("{`maximum`:1.7976931348623157e308}", "1".repeat(309)))
                .isTrue();
        assertThat(accepts("{`maximum`:1.7976931348623157e308}", "2".repeat(309)))
                .isFalse();
        assertThat(accepts("{`enum`:[0e5,1e2,-3.50]}", "100")).isTrue();
        assertThat(accepts("{`enum`:[0e5,1e2,-3.50]}", "-3.5")).isTrue();
        assertThat(accepts("{`type`:`array`,`minItems`:3,`prefixItems`:[{`const`:1}]}", "[1,2,3]"))
                .isTrue();
        assertThat(compile("{`type`:`array`,`minItems`:1000000,`items`:{`const`:10}}")
                        .start()
                        .fewestBytesToAccept())
                .isEqualTo(3_000_001);
    }

    private static boolean accepts(String schema, String document) {
        return RandomWalks.accepts(compile(schema), document.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "100%, 100%",
        "100%, 100%25",
        "%, %",
        "%a, %a",
        "%zz, %zz",
        "a%4, a%4",
        "a b, a%20b",
        "é%, %C3%a9%",
        "+, +",
    })
    void aLonePercentSignStandsForItself(String name, String reference) {
        String schema = "{`$defs`:{`" + name + "`:{`type`:`integer`}},`$ref`:`#/$defs/" + reference + "`}";
        assertThat(accepts(schema, "1")).isTrue();
        assertThat(accepts(schema, "null")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"#/$defs/b%", "#/%zz/%", "#%", "#a%F", "%", "%%#", "#/$defs/%FF", "http://[%#", "#/$defs/a/~2%"})
    void aReferenceToNothingIsRefusedWhereItStands(String reference) {
        assertRefusedAt("{`$defs`:{`a`:{}},`items`:{`$ref`:`" + reference + "`}}", "#/items/$ref", Reason.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "{`enum`:[`ok`,`\\ud83d x`]}; #/enum/1",
                "{`const`:`a\\ude00`}; #/const",
                "{`const`:{`\\udfff`:1}}; #/const",
                "{`const`:[[`\\udfff`]]}; #/const/0/0",
                "{`properties`:{`\\ud800`:true}}; #/properties",
                "{`required`:[`\\ud800`]}; #/required",
                "{`dependentRequired`:{`\\ud800`:[`b`]}}; #/dependentRequired",
                "{`dependentRequired`:{`b`:[`\\ud800`]}}; #/dependentRequired",
                "{`dependentSchemas`:{`\\ud800`:{}}}; #/dependentSchemas",
                "{`dependencies`:{`\\ud800`:{}}}; #/dependencies",
                "{`type`:`string`,`pattern`:`a\\ud800`}; #/pattern",
                "{`properties`:{`x`:{`properties`:{`\\ud800`:true}}}}; #/properties/x/properties",
            })
    void halfOfASurrogatePairIsRefusedAndNeverAQuestionMark(String schema, String pointer) {
        assertRefusedAt(schema, pointer, Reason.SYNTAX);
    }

    @Test
    void theNameInAPatternsPointerIsWrittenAsAnEscape() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile("{`patternProperties`:{`\\ud800`:{}}}"))
                .withMessageStartingWith("#/patternProperties/\\ud800: ");
    }

    @Test
    void aMessageStaysShortWhateverTheSchemaNames() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile("{`type`:`" + "x".repeat(500_000) + "`}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_100));
    }
}
