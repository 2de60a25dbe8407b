package io.bytelm.constraint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.automaton.DfaConstraint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GbnfTest {
    private static final String JSON = """
            root   ::= value
            value  ::= object | array | string | number | ("true" | "false" | "null") ws
            object ::= # an object
              "{" ws (
                string ":" ws value
                ("," ws string ":" ws value)*
              )? "}" ws
            array  ::=
              "[" ws (value ("," ws value)*)? "]" ws
            string ::= "\\"" (
                [^"\\\\\\x00-\\x1F] |
                "\\\\" (["\\\\/bfnrt] | "u" [0-9a-cA-C] [0-9a-fA-F]{3})
              )* "\\"" ws
            number ::= ("-"? ([0-9] | [1-9] [0-9]*)) ("." [0-9]+)? ([eE] [-+]? [0-9]+)? ws
            ws ::= ([ \\t\\n] ws)?
            """;

    private static final String ARITHMETIC = """
            root ::= expression
            expression ::= expression "+" term | expression "-" term | term
            term ::= term "*" factor | factor
            factor ::= "(" expression ")" | [0-9]+
            """;

    private static Constraint compile(String grammar) {
        return Gbnf.compile(grammar, CompileLimits.DEFAULT);
    }

    private static boolean accepts(String grammar, String text) {
        return RandomWalks.accepts(compile(grammar), text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void literalsClassesAndRepetitionsAreRead() {
        assertThat(accepts("root ::= \"a\\x62\\u00e9\\U0001F600\\\"\\\\\"", "abé😀\"\\"))
                .isTrue();
        assertThat(accepts("root ::= [^a-c\\]\\n] . [-x]", "dé-")).isTrue();
        assertThat(accepts("root ::= [^a-c\\]\\n]", "]")).isFalse();
        assertThat(accepts("root ::= \"a\"{2} \"b\"{1,} \"c\"{ 0 , 2 } \"d\"?", "aabbbcc"))
                .isTrue();
        assertThat(accepts("root ::= \"a\"{2} \"b\"{1,} \"c\"{0,2} \"d\"?", "aabccc"))
                .isFalse();
        assertThat(accepts("root ::= | \"a\"", "")).isTrue();
    }

    @Test
    void commentsAndNewlinesAreReadWhereTheyMayBe() {
        String grammar =
                "# first\n\nroot ::= # one\n  (\n \"a\"\n # in between\n b_1\n) |\n \"c\" # end\r\nb_1 ::= \"b\"";
        assertThat(accepts(grammar, "ab")).isTrue();
        assertThat(accepts(grammar, "c")).isTrue();
        assertThat(accepts(grammar, "a")).isFalse();
    }

    @Test
    void rulesThatNeedNoStackBecomeAnAutomaton() {
        assertThat(compile("root ::= \"a\" ws \"b\" list\nws ::= (\" \" ws)?\nlist ::= list \"c\" | \"c\""))
                .isInstanceOf(DfaConstraint.class);
        assertThat(compile("root ::= root root | \"a\"")).isInstanceOf(DfaConstraint.class);
        assertThat(compile(ARITHMETIC)).isInstanceOf(GrammarConstraint.class);
    }

    @ParameterizedTest
    @CsvSource({"1+2*3, true", "(1)*(2+(3-4))-5, true", "1+, false", "(1, false", "1), false", "'', false"})
    void leftRecursiveArithmeticIsParsed(String text, boolean expected) {
        assertThat(accepts(ARITHMETIC, text)).isEqualTo(expected);
    }

    @Test
    void rulesThatDeriveNothingLeaveNoDeadEnds() {
        Constraint constraint =
                compile("root ::= \"a\" loop | \"b\" | \"c\" other\nloop ::= \"x\" loop\nother ::= loop loop");
        assertThat(constraint.start().live().toArray()).containsExactly('b');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "start ::= \"a\"; SYNTAX; -1",
                "root ::= item; SYNTAX; 9",
                "root ::= \"a; SYNTAX; 11",
                "root ::= [a; SYNTAX; 11",
                "root ::= (\"a\"; SYNTAX; 13",
                "root ::= * \"a\"; SYNTAX; 9",
                "root = \"a\"; SYNTAX; 5",
                "root ::= \"\\q\"; SYNTAX; 10",
                "root ::= \"\\x4\"; SYNTAX; 10",
                "root ::= [z-a]; SYNTAX; 10",
                "root ::= \"a\"{3,2}; SYNTAX; 12",
                "root ::= \"a\" ]; SYNTAX; 13",
                "root ::= <think>; UNSUPPORTED; 9",
                "root ::= !<[3]>; UNSUPPORTED; 9",
                "root ::= \"a\" root; UNSATISFIABLE; -1",
                "root ::= []; UNSATISFIABLE; -1",
            })
    void aRefusalNamesReasonAndPosition(String grammar, Reason reason, int position) {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile(grammar))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.position()).isEqualTo(position);
                });
    }

    @Test
    void twoRulesOfOneNameAreRefused() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile("root ::= \"a\"\nroot ::= \"b\""))
                .withMessageContaining("two rules root");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= ((((\"a\"{99}){99}){99}){99}){99}",
                "root ::= ([ab]* \"a\" [ab]{30} root)?",
            })
    void aHostileGrammarIsRefusedWithinASecond(String grammar) {
        Duration worked = ProcessorTime.of(
                () -> assertThatExceptionOfType(ConstraintException.class).isThrownBy(() -> compile(grammar)));
        // the limit is two seconds of work; the rest is for reading the grammar, and for a slow machine
        assertThat(worked).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void deepGroupsAreRefusedAndDeepRulesAreNot() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> compile("root ::= " + "(".repeat(20_000) + "\"a\"" + ")".repeat(20_000)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP));
        StringBuilder doubling = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 20; i++) {
            doubling.append("r" + i + " ::= r" + (i + 1) + " r" + (i + 1) + "\n");
        }
        Constraint constraint = compile(doubling + "r20 ::= \"a\"");
        assertThat(constraint.start().fewestBytesToAccept()).isEqualTo(1 << 20);
    }

    @Test
    void anAmbiguousGrammarStaysFast() {
        Constraint constraint =
                compile("root ::= s\ns ::= \"a\" s \"b\"? | s s s | \"a\" | \"(\" s \")\" | \"(\" s s \")\"");
        Duration worked = ProcessorTime.of(() -> {
            Cursor cursor = constraint.start();
            for (int i = 0; i < 2_000; i++) {
                cursor = RandomWalks.step(cursor, i % 3 == 0 ? '(' : 'a');
            }
            assertThat(cursor.fewestBytesToAccept()).isEqualTo(667);
        });
        assertThat(worked).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void jsonAsAGrammarAcceptsJsonOnly() {
        Constraint constraint = compile(JSON);
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        RandomWalks.walk(constraint, RandomWalks.count(), 60, 11, text -> {
                    try {
                        return !strict.readTree(text).isMissingNode();
                    } catch (IOException malformed) {
                        return false;
                    }
                })
                .assertClean("JSON grammar", 11);
    }

    @Test
    void aSavedPositionGoesOnWhereItWas() {
        Constraint constraint = compile(ARITHMETIC);
        Cursor cursor = RandomWalks.after(constraint, "((1+2)*(3".getBytes(StandardCharsets.UTF_8));
        Cursor restored = constraint.restore(cursor.save());
        assertThat(restored.live()).isEqualTo(cursor.live());
        assertThat(restored.fewestBytesToAccept()).isEqualTo(2);
        assertThat(cursor.save().length).isLessThan(40);
        for (byte[] broken : new byte[][] {{}, {1}, {9, 9, 9}, {1, 0, 1, 127, 0, 0}}) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> constraint.restore(broken));
        }
    }
}
