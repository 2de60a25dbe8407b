package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.regex.EcmaPattern;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Formats that no automaton decides; the host names are those of JSON-Schema-Test-Suite. */
class CheckedFormatsTest {
    private static final SchemaOptions EXISTING = SchemaOptions.VALIDATION.withFormats(SchemaOptions.Formats.ASSERT);

    private static Constraint compile(String schema, SchemaOptions options) {
        return JsonSchema.compile(schema.replace('`', '"'), options, CompileLimits.DEFAULT);
    }

    private static boolean accepts(Constraint constraint, String document) {
        return RandomWalks.accepts(constraint, document.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "www.example.com",
                "a--b.com",
                "xn--9n2bp8q.xn--9t4b11yi5a",
                "XN--9N2BP8Q.com",
                "xn--zca29lwxobi7a",
                "xn--qmbc",
                "xn--ll-0ea",
                "xn--wva3je",
                "xn--4dbc5h",
                "xn--4dbc8h",
                "xn--k8j5u",
                "xn--bck0j",
                "xn--vek778f",
                "xn--ngba1o",
                "xn--0-gyc",
                "xn--11b2ezcw70k",
                "xn--11b2ezcs70k",
                "xn--ngba5hb2804a",
            })
    void hostNames(String name) {
        Constraint constraint = compile("{`type`:`string`,`format`:`hostname`}", EXISTING);
        Constraint other = compile("{`type`:`string`,`not`:{`format`:`hostname`}}", EXISTING);
        assertThat(accepts(constraint, '"' + name + '"')).isTrue();
        assertThat(accepts(other, '"' + name + '"')).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.",
                "host_name",
                "xn--X",
                "xn--07jt112bpxg.xn--9t4b11yi5a",
                "xn--hello-txk",
                "xn--hello-zed",
                "xn--hello-6bf",
                "xn--chb89f",
                "xn--07jceefgh4c",
                "xn--al-0ea",
                "xn--l-fda",
                "xn--la-0ea",
                "xn--l-gda",
                "xn--S-jib3p",
                "xn--wva3j",
                "xn--A-2hc5h",
                "xn--5db1e",
                "xn--A-2hc8h",
                "xn--5db3e",
                "xn--defabc-k64e",
                "xn--vek",
                "xn--ngb6iyr",
                "xn--11b2er09f",
                "xn--02b508i",
                "XN--aa---o47jg78q",
                "1.xn--qmbc",
                "xn--",
                "xn--a",
                "xn--example-",
            })
    void noHostNames(String name) {
        Constraint constraint = compile("{`type`:`string`,`format`:`hostname`}", EXISTING);
        Constraint other = compile("{`type`:`string`,`not`:{`format`:`hostname`}}", EXISTING);
        assertThat(accepts(constraint, '"' + name + '"')).isFalse();
        assertThat(accepts(other, '"' + name + '"')).isTrue();
    }

    @Test
    void aPositionInAStringIsSavedWithItsText() {
        Constraint constraint = compile("{`type`:`array`,`items`:{`format`:`regex`,`maxLength`:9}}", EXISTING);
        Cursor cursor = constraint.start();
        for (byte b : "[\"\\\\(a".getBytes(UTF_8)) {
            cursor = RandomWalks.step(cursor, b & 0xFF);
        }
        Cursor restored = constraint.restore(cursor.save());
        assertThat(restored.live()).isEqualTo(cursor.live());
        assertThat(restored.live().contains('"')).isTrue();
        assertThat(accepts(constraint, "[\"(a\"]")).isFalse();
        assertThat(accepts(constraint, "[\"(a)\"]")).isTrue();
    }

    @Test
    void newPatternsAndHostNamesAreSurelySome() throws Exception {
        for (String format : new String[] {"regex", "hostname"}) {
            Constraint constraint =
                    compile("{`type`:`string`,`format`:`" + format + "`,`minLength`:3}", SchemaOptions.GENERATION);
            Constraint judge = compile("{`type`:`string`,`format`:`" + format + "`}", EXISTING);
            for (int seed = 0; seed < 400; seed++) {
                Cursor cursor = constraint.start();
                Random random = new Random(seed);
                StringBuilder text = new StringBuilder();
                for (int left = 60; left > 0 && !cursor.live(left).isEmpty(); left--) {
                    int[] bytes =
                            cursor.live(left).retain(b -> b >= ' ' && b < 0x7F).toArray();
                    int next = bytes[random.nextInt(bytes.length)];
                    text.append((char) next);
                    cursor = RandomWalks.step(cursor, next);
                }
                assertThat(cursor.accepting()).as("seed %d: %s", seed, text).isTrue();
                assertThat(accepts(judge, text.toString()))
                        .as("seed %d: %s", seed, text)
                        .isTrue();
                if (format.equals("regex")) {
                    String pattern = new ObjectMapper().readValue(text.toString(), String.class);
                    assertThat(EcmaPattern.isValid(pattern)).as(pattern).isTrue();
                }
            }
        }
    }

    @Test
    void whatIsNoHostNameIsSurelyNoneInNewDocuments() {
        Constraint constraint =
                compile("{`type`:`string`,`maxLength`:20,`not`:{`format`:`hostname`}}", SchemaOptions.GENERATION);
        assertThat(accepts(constraint, "\"xn--ll-0ea\"")).isFalse();
        assertThat(accepts(constraint, "\"a_b\"")).isTrue();
        Constraint twice = compile(
                "{`type`:`string`,`not`:{`not`:{`format`:`hostname`},`maxLength`:30}}", SchemaOptions.GENERATION);
        assertThat(accepts(twice, "\"a.example\"")).isTrue();
        assertThat(accepts(twice, "\"a_b\"")).isFalse();
        assertThat(accepts(twice, "\"xn--l-fda\"")).isFalse();
    }

    @Test
    void oneOfAHostNameAndAnAddress() {
        String schema = "{`type`:`string`,`oneOf`:[{`format`:`hostname`},{`format`:`ipv6`}]}";
        for (SchemaOptions options : new SchemaOptions[] {SchemaOptions.GENERATION, EXISTING}) {
            Constraint constraint = compile(schema, options);
            assertThat(accepts(constraint, "\"a.example\"")).isTrue();
            assertThat(accepts(constraint, "\"::1\"")).isTrue();
            assertThat(accepts(constraint, "\"a_b\"")).isFalse();
        }
    }

    @Test
    void stringsToldApartKeepToTheSurePartOrAreRefused() {
        String schema = "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`string`,`format`:`hostname`}}";
        Constraint constraint = compile(schema, SchemaOptions.GENERATION);
        assertThat(accepts(constraint, "[\"a\",\"b\"]")).isTrue();
        assertThat(accepts(constraint, "[\"a\",\"a\"]")).isFalse();
        assertThatThrownBy(() -> compile(schema, EXISTING))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("HOSTNAME");
    }
}
