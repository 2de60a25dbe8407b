package io.bytelm.constraint.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Repetitions of 5,000, each against its regular expression. */
class CountedRulesTest {
    private static final String CHARACTER = "\nchar ::= [^\"\\\\\\x00-\\x1F] | "
            + "\"\\\\\" ([\"\\\\/bfnrt] | \"u\" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])";
    private static final String NESTED = "\nnested ::= \"(\" nested \")\" | \".\"";
    private static final String DATE =
            "([0-9]{4} \"-\" [0-9]{2} \"-\" [0-9]{2} | \"today\" | \"tomorrow\" | \"never\")";

    private static String grammar(String name) {
        return switch (name) {
            case "letter" -> "root ::= \"<\" [a-z]{5000} \">\"";
            case "any" -> "root ::= \"<\" .{5000} \">\"";
            case "atMost" -> "root ::= \"<\" char{0,5000} \">\"" + CHARACTER;
            case "group" -> "root ::= \"<\" (" + DATE + " \";\"){5000} \">\"";
            case "open" -> "root ::= \"<\" (" + DATE + " \";\"){5000,} \">\"";
            default -> "root ::= \"<\" nested{5000} \">\"" + NESTED;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "letter, q, 5002, false, false",
        "any, é, 5002, false, false",
        "atMost, \\u00e9, 2, true, false",
        "group, today;, 30002, false, false",
        "open, 2024-02-29;, 30002, false, true",
        "nested, ((.)), 5002, false, false"
    })
    void aCountOfFiveThousandIsExact(String name, String item, int fewest, boolean lessIsFine, boolean moreIsFine) {
        Constraint[] compiled = new Constraint[1];
        Duration worked = ProcessorTime.of(() -> compiled[0] = Gbnf.compile(grammar(name), CompileLimits.DEFAULT));
        assertThat(worked).isLessThan(Duration.ofSeconds(6));
        assertThat(compiled[0].start().fewestBytesToAccept()).isEqualTo(fewest);
        assertThat(accepts(compiled[0], item, 4_999)).isEqualTo(lessIsFine);
        assertThat(accepts(compiled[0], item, 5_000)).isTrue();
        assertThat(accepts(compiled[0], item, 5_001)).isEqualTo(moreIsFine);
        assertThat(accepts(compiled[0], item + "#\n", 5_000)).isFalse();
    }

    private static boolean accepts(Constraint constraint, String item, int count) {
        return RandomWalks.accepts(constraint, ("<" + item.repeat(count) + ">").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void countsOfCountsAreNotWrittenOutEither() {
        Constraint million =
                Gbnf.compile("root ::= (\"a\" | x){1000}{1000}\nx ::= \"b\" root \"c\"", CompileLimits.DEFAULT);
        assertThat(million.start().fewestBytesToAccept()).isEqualTo(1_000_000);
        assertThat(RandomWalks.after(million, "a".repeat(1_500).getBytes(StandardCharsets.UTF_8))
                        .fewestBytesToAccept())
                .isEqualTo(998_500);
        Constraint many = Gbnf.compile("root ::= ((\"a\"{1000}){1000}){1000}", CompileLimits.DEFAULT);
        assertThat(many.start().fewestBytesToAccept()).isEqualTo(1_000_000_000);
        Constraint thousand = Gbnf.compile("root ::= (\"a\" | x){1000}\nx ::= \"b\" root \"c\"", CompileLimits.DEFAULT);
        Cursor nearEnd = RandomWalks.after(thousand, "a".repeat(999).getBytes(StandardCharsets.UTF_8));
        assertThat(nearEnd.live()).isEqualTo(ByteSet.of('a', 'b'));
        assertThat(nearEnd.live(1)).isEqualTo(ByteSet.of('a'));
        assertThat(RandomWalks.step(nearEnd, 'a').live()).isEqualTo(ByteSet.NONE);
    }

    @ParameterizedTest
    @CsvSource({"atMost", "group"})
    void whatIsLeftIsSavedAndBudgeted(String name) {
        Constraint constraint = Gbnf.compile(grammar(name), CompileLimits.DEFAULT);
        String item = "group".equals(name) ? "never;" : "x";
        Cursor late = RandomWalks.after(constraint, ("<" + item.repeat(4_999)).getBytes(StandardCharsets.UTF_8));
        Cursor restored = constraint.restore(late.save());
        Cursor end = RandomWalks.after(restored, (item + ">").getBytes(StandardCharsets.UTF_8));
        assertThat(end.accepting()).isTrue();
        assertThat(RandomWalks.after(restored, item.getBytes(StandardCharsets.UTF_8))
                        .live()
                        .size())
                .isEqualTo(1);
        assertThat(restored.fewestBytesToAccept()).isEqualTo("group".equals(name) ? 7 : 1);
        assertThat(restored.live(1).size()).isEqualTo("group".equals(name) ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({"1000", "1200"})
    void drawnTextsHaveTheCount(int count) {
        Constraint constraint = Gbnf.compile("root ::= (\"a\" | \"bc\" [0-9]){" + count + "}", CompileLimits.DEFAULT);
        Pattern java = Pattern.compile("(?:a|bc[0-9]){" + count + "}+");
        RandomWalks.walk(
                        constraint,
                        20,
                        count + 200,
                        5,
                        text -> java.matcher(new String(text, StandardCharsets.UTF_8))
                                .matches())
                .assertClean("count " + count, 5);
    }
}
