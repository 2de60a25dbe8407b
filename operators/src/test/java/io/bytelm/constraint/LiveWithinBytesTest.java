package io.bytelm.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.automaton.Choices;
import io.bytelm.constraint.grammar.Gbnf;
import io.bytelm.constraint.json.JsonConstraint;
import io.bytelm.constraint.json.JsonOptions;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import io.bytelm.constraint.schema.JsonSchema;
import io.bytelm.constraint.schema.SchemaOptions;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tables say about the bytes that are left against stepping each live byte, at random positions of random texts. */
class LiveWithinBytesTest {
    private static final int WALKS = Integer.getInteger("constraint.walks", 12);

    private static final Whitespace PATTERN =
            Whitespace.of("(\\r\\n *| ?)", 4, CompileBudget.start(CompileLimits.DEFAULT));

    /** As the interface has it for cursors without tables. */
    private record Stepping(Cursor cursor) implements Cursor {
        @Override
        public @Nullable Cursor step(int nextByte) {
            return cursor.step(nextByte);
        }

        @Override
        public ByteSet live() {
            return cursor.live();
        }

        @Override
        public boolean accepting() {
            return cursor.accepting();
        }

        @Override
        public int fewestBytesToAccept() {
            return cursor.fewestBytesToAccept();
        }

        @Override
        public byte[] save() {
            return cursor.save();
        }
    }

    private static void check(String name, Constraint constraint) {
        long seed = name.hashCode();
        Random random = new Random(seed);
        for (int walk = 0; walk < WALKS; walk++) {
            Cursor cursor = constraint.start();
            int slack = random.nextInt(4) * random.nextInt(30);
            for (int left = cursor.fewestBytesToAccept() + slack; left > 0; left--) {
                compare(name + ", seed " + seed, cursor, random);
                ByteSet live = cursor.live(left);
                if (live.isEmpty()) {
                    break;
                }
                cursor = RandomWalks.step(cursor, RandomWalks.choose(live, random));
            }
        }
    }

    private static void compare(String name, Cursor cursor, Random random) {
        int fewest = cursor.fewestBytesToAccept();
        Cursor oracle = new Stepping(cursor);
        for (int left :
                new int[] {0, fewest - 1, fewest, fewest + 1, fewest + 2, fewest + random.nextInt(40), 100_000}) {
            assertThat(cursor.live(left)).as("%s, %d bytes left", name, left).isEqualTo(oracle.live(left));
        }
        assertThat(cursor.live(Cursor.VERY_MANY_BYTES - 1)).as(name).isEqualTo(cursor.live());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{`type`:`string`}",
                "{`type`:`string`,`minLength`:3,`maxLength`:6}",
                "{`type`:`string`,`minLength`:3}",
                "{`type`:`string`,`pattern`:`^(ab|[^a-z]){2,}$`,`maxLength`:7}",
                "{`type`:`string`,`pattern`:`^a*(bcd)?$`,`minLength`:4}",
                "{`type`:`string`,`pattern`:`^(é|xyz)*$`,`minLength`:2,`maxLength`:4}",
                "{`type`:[`integer`,`null`],`minimum`:-17,`maximum`:13000,`multipleOf`:3}",
                "{`enum`:[1.5,`a`,[1,{`b`:2}],{`x`:null}]}",
                "{`type`:`object`,`properties`:{`id`:{`type`:`integer`,`minimum`:1},`tags`:{`type`:`array`,"
                        + "`items`:{`type`:`string`,`maxLength`:3},`minItems`:1,`maxItems`:3},`on`:{`type`:`boolean`}},"
                        + "`required`:[`tags`,`id`],`additionalProperties`:false}",
                "{`type`:`object`,`properties`:{`id`:{`type`:`integer`},`ideal`:{`minLength`:9,`type`:`string`}},"
                        + "`required`:[`ideal`]}",
                "{`type`:`object`,`minProperties`:2,`maxProperties`:4,`propertyNames`:{`pattern`:`^[ab]{1,2}$`},"
                        + "`additionalProperties`:{`type`:`boolean`}}",
                "{`type`:`object`,`minProperties`:3,`propertyNames`:{`pattern`:`^a*$`}}",
                "{`type`:`object`,`minProperties`:4,`properties`:{`a`:{`const`:1},`bcdefghi`:{}},`required`:[`bcdefghi`]}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`null`},`ab`:{`type`:`null`},`b`:false},"
                        + "`patternProperties`:{`^a`:{`enum`:[null,1]}},`additionalProperties`:{`type`:`integer`},"
                        + "`minProperties`:3}",
                "{`type`:`object`,`properties`:{`a`:{`const`:1},`b`:{`const`:2},`c`:{`const`:3}},"
                        + "`dependentRequired`:{`a`:[`b`],`b`:[`c`]},`maxProperties`:3,`additionalProperties`:false}",
                "{`$defs`:{`t`:{`type`:`object`,`properties`:{`v`:{`type`:`integer`},`c`:{`type`:`array`,`items`:"
                        + "{`$ref`:`#/$defs/t`},`maxItems`:2}},`required`:[`v`],`additionalProperties`:false}},"
                        + "`$ref`:`#/$defs/t`}",
                "{`type`:`array`,`prefixItems`:[{`type`:`null`},{`type`:`string`,`maxLength`:2}],`items`:"
                        + "{`type`:`boolean`},`minItems`:3,`maxItems`:5}",
                "{`type`:`object`,`oneOf`:[{`properties`:{`k`:{`const`:`x`},`n`:{`type`:`integer`}},"
                        + "`required`:[`k`,`n`]},{`properties`:{`k`:{`const`:`y`}},`required`:[`k`]}],"
                        + "`propertyNames`:{`maxLength`:2},`maxProperties`:3}",
                "{`anyOf`:[{`type`:`array`,`items`:{`type`:`integer`},`minItems`:2},{`type`:`array`,`items`:"
                        + "{`enum`:[1,`a`]},`maxItems`:4}]}",
                "{`type`:`array`,`contains`:{`type`:`integer`},`minContains`:2,`maxContains`:3,`maxItems`:5,`items`:"
                        + "{`type`:[`integer`,`boolean`]}}",
                "{`type`:`array`,`prefixItems`:[{`type`:`null`}],`contains`:{`enum`:[1,null]},`minContains`:2,"
                        + "`items`:{`type`:[`null`,`string`]},`minItems`:3}",
                "{`type`:`object`,`properties`:{`a`:{`const`:1},`b`:{`const`:22},`c`:{`const`:333},`d`:{`enum`:[4444444]}},"
                        + "`dependentRequired`:{`a`:[`b`],`b`:[`c`],`c`:[`b`]},`minProperties`:1,`maxProperties`:3,"
                        + "`additionalProperties`:false}",
                "{`type`:`object`,`properties`:{`b`:{`const`:1},`c`:{`const`:2},`d`:{`const`:1234567890123}},"
                        + "`dependentRequired`:{`b`:[`c`],`c`:[`b`]},`minProperties`:1,`maxProperties`:1,"
                        + "`additionalProperties`:false}",
                "{`type`:`object`,`additionalProperties`:{`enum`:[1,`abc`,null]},`allOf`:[{`not`:{`additionalProperties`:"
                        + "{`type`:`integer`}}},{`not`:{`additionalProperties`:{`type`:`string`}}}]}",
                "{`type`:`object`,`propertyNames`:{`pattern`:`^[ab]{1,2}$`},`maxProperties`:2,`properties`:{`a`:{`const`:7}},"
                        + "`additionalProperties`:{`enum`:[1,`abc`,null]},`allOf`:[{`not`:{`additionalProperties`:"
                        + "{`type`:`integer`}}},{`not`:{`additionalProperties`:{`type`:`string`}}}]}",
                "{`type`:`object`,`properties`:{`b`:{`type`:`integer`}},`minProperties`:4,`allOf`:[{`not`:{"
                        + "`patternProperties`:{`^a`:{`const`:1}}}},{`not`:{`patternProperties`:{`b$`:{`type`:`integer`}}}},"
                        + "{`not`:{`additionalProperties`:{`type`:`string`}}}]}",
            })
    void schemas(String quoted) {
        String schema = quoted.replace('`', '"');
        for (SchemaOptions options : List.of(
                SchemaOptions.GENERATION,
                SchemaOptions.GENERATION.withSchemaOrder(),
                SchemaOptions.GENERATION.withWhitespace(),
                SchemaOptions.GENERATION.withWhitespace(Whitespace.INDENTED),
                SchemaOptions.GENERATION.withWhitespace(PATTERN),
                SchemaOptions.VALIDATION)) {
            check(schema + options, JsonSchema.compile(schema, options, CompileLimits.DEFAULT));
        }
    }

    @Test
    void otherKinds() {
        CompileLimits limits = CompileLimits.DEFAULT;
        check("choices", Choices.compile(List.of("yes", "yes, please", "no", "nö", "never"), limits));
        check("regex", Regex.compile("(a|bb|[^c]{3,9}){1,4}x?", RegexOptions.FULL_MATCH, limits));
        check("counted regex", Regex.compile("\\p{L}{40,600}", RegexOptions.FULL_MATCH, limits));
        check("json", new JsonConstraint(new JsonOptions(3, false, false)));
        check("spaced json", new JsonConstraint(new JsonOptions(3, true, true)));
        check("indented json", new JsonConstraint(new JsonOptions(3, Whitespace.INDENTED, true)));
        check("patterned json", new JsonConstraint(new JsonOptions(3, PATTERN, false)));
        check(
                "grammar",
                Gbnf.compile("root ::= (x \" \")* | \"(\" root root \")\"\nx ::= [a-z]+ | \"[\" x \"]\"", limits));
        check("any bytes", AnyBytes.INSTANCE);
    }
}
