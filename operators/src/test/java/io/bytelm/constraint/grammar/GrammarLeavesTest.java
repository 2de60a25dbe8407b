package io.bytelm.constraint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.schema.JsonSchema;
import io.bytelm.constraint.schema.SchemaOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Schemas and regular expressions within grammars. */
class GrammarLeavesTest {
    private static final SchemaCompiler SCHEMAS =
            (schema, budget) -> JsonSchema.compile(schema, SchemaOptions.GENERATION, budget);
    private static final String[] RULES = {"root", "x", "y"};
    private static final String[] ATOMS = {
        "\"1\"",
        "\"2\"",
        "/[12]2?/",
        "%json {\"enum\":[1,12]}",
        "%json {\"type\":\"integer\",\"minimum\":1,\"maximum\":21}",
        "%json {\"type\":\"integer\",\"minimum\":100}"
    };
    private static final int LONGEST = 6;

    private final List<String> texts = new ArrayList<>(List.of(""));
    private int withStack;
    private int accepted;

    GrammarLeavesTest() {
        for (int i = 0; texts.get(i).length() < LONGEST; i++) {
            texts.add(texts.get(i) + "1");
            texts.add(texts.get(i) + "2");
        }
    }

    private static GrammarRules rules(String grammar) {
        return new GbnfParser(grammar, SCHEMAS, CompileBudget.start(CompileLimits.DEFAULT)).parse();
    }

    private static boolean derives(String grammar, String text) {
        return RandomWalks.accepts(
                Gbnf.compile(grammar, SCHEMAS, CompileLimits.DEFAULT), text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRuleRefersToASchemaAndARegularExpression() {
        String grammar = "root ::= \"<\" call \">\" | /no( thanks)?/i\n"
                + "call ::= %json {\"type\":\"object\",\"properties\":{\"a\":{\"const\":\"}\"},\"b\":{\"type\":\"null\"}},"
                + "\n \"required\":[\"a\"],\"additionalProperties\":false} | \"(\" call \")\"";
        assertThat(derives(grammar, "<((({\"b\":null,\"a\":\"}\"})))>")).isTrue();
        assertThat(derives(grammar, "<((({\"b\":null})))>")).isFalse();
        assertThat(derives(grammar, "NO thanks")).isTrue();
        assertThat(derives(grammar, "no thank")).isFalse();
    }

    @Test
    void theWholeTextIsOneSchema() {
        assertThat(derives("root ::= %json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"}}", "[true,false]"))
                .isTrue();
        assertThat(derives("root ::= x\nx ::= %json {\"type\":\"null\"}", "null"))
                .isTrue();
    }

    @Test
    void refusalsSayWhereTheSchemaStands() {
        assertThatThrownBy(() -> derives("root ::= %json {\"type\":\"strin\"}", ""))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("the schema in the grammar: #/type")
                .hasMessageContaining("(at position 9)");
        assertThatThrownBy(() -> derives("root ::= %json {\"type\":", "")).hasMessageContaining("a brace is missing");
        assertThatThrownBy(() -> derives("root ::= %json true", "")).hasMessageContaining("a schema in braces");
        assertThatThrownBy(() -> derives("root ::= %regex {}", "")).hasMessageContaining("missing \"%json\"");
        assertThatThrownBy(() -> derives("root ::= /a", "")).hasMessageContaining("does not end with a slash");
        assertThatThrownBy(() -> derives("root ::= /a[/", ""))
                .hasMessageContaining("the regular expression in the grammar");
        assertThatThrownBy(() -> Gbnf.compile("root ::= %json {}", CompileLimits.DEFAULT))
                .hasMessageContaining("schemas in a grammar are not read here");
    }

    @Test
    void everyShortTextIsJudgedAsByItsDerivations() {
        for (long seed = 0; seed < 60; seed++) {
            compare(seed);
        }
        assertThat(withStack).isGreaterThan(40);
        assertThat(accepted).isGreaterThan(1_000);
    }

    private void compare(long seed) {
        String grammar = grammar(new Random(seed));
        String name = "seed " + seed + ":\n" + grammar;
        GrammarRules rules = rules(grammar);
        Constraint constraint;
        try {
            constraint = Gbnf.compile(grammar, SCHEMAS, CompileLimits.DEFAULT);
        } catch (ConstraintException e) {
            assertThat(e.reason()).as(name).isEqualTo(ConstraintException.Reason.UNSATISFIABLE);
            return;
        }
        withStack += constraint instanceof GrammarConstraint ? 1 : 0;
        for (String text : texts) {
            boolean expected = DerivationOracle.derives(rules, text);
            accepted += expected ? 1 : 0;
            Cursor cursor = run(constraint, text);
            assertThat(cursor != null && cursor.accepting())
                    .as("%s\non \"%s\"", name, text)
                    .isEqualTo(expected);
            if (cursor != null) {
                checkPosition(constraint, cursor, name + "\nafter " + text);
            }
        }
    }

    /** Its fewest bytes and its live bytes against its next positions, and the same of what is restored. */
    private static void checkPosition(Constraint constraint, Cursor cursor, String name) {
        int best = cursor.accepting() ? 0 : Cursor.VERY_MANY_BYTES;
        for (int b : cursor.live().toArray()) {
            best = Math.min(best, 1 + RandomWalks.step(cursor, b).fewestBytesToAccept());
        }
        assertThat(cursor.fewestBytesToAccept()).as(name).isEqualTo(best);
        Cursor restored = constraint.restore(cursor.save());
        for (int left = 0; left < best + 4; left++) {
            int within = left;
            ByteSet live = cursor.live().retain(b -> RandomWalks.step(cursor, b).fewestBytesToAccept() < within);
            assertThat(cursor.live(left)).as(name).isEqualTo(live);
            assertThat(restored.live(left)).as(name).isEqualTo(live);
        }
        assertThat(restored.accepting()).as(name).isEqualTo(cursor.accepting());
        assertThat(restored.save()).as(name).isEqualTo(cursor.save());
    }

    private static @Nullable Cursor run(Constraint constraint, String text) {
        Cursor cursor = constraint.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            cursor = cursor == null ? null : cursor.step(b);
        }
        return cursor;
    }

    private static String grammar(Random random) {
        StringBuilder grammar = new StringBuilder();
        for (String rule : RULES) {
            grammar.append(rule).append(" ::= ");
            int branches = 1 + random.nextInt(3);
            for (int branch = 0; branch < branches; branch++) {
                grammar.append(branch > 0 ? " | " : "").append("\"\" ");
                for (int items = random.nextInt(4); items > 0; items--) {
                    String[] repeats = {"", "", "", "?", "*", "+", "{1,2}"};
                    String atom = random.nextInt(3) > 0
                            ? ATOMS[random.nextInt(ATOMS.length)]
                            : RULES[random.nextInt(RULES.length)];
                    grammar.append(atom)
                            .append(repeats[random.nextInt(repeats.length)])
                            .append(' ');
                }
            }
            grammar.append('\n');
        }
        return grammar.toString();
    }
}
