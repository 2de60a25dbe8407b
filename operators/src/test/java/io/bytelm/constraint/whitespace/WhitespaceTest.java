package io.bytelm.constraint.whitespace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.json.JsonConstraint;
import io.bytelm.constraint.json.JsonOptions;
import io.bytelm.constraint.schema.JsonSchema;
import io.bytelm.constraint.schema.SchemaOptions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhitespaceTest {
    private static final String SCHEMA = "{\"additionalProperties\":true}";

    private static Whitespace of(String pattern, int max) {
        return Whitespace.of(pattern, max, CompileBudget.start(CompileLimits.DEFAULT));
    }

    private static List<Constraint> with(Whitespace whitespace) {
        SchemaOptions options = SchemaOptions.GENERATION.withWhitespace(whitespace);
        return List.of(
                new JsonConstraint(new JsonOptions(64, whitespace, false)),
                JsonSchema.compile(SCHEMA, options, CompileLimits.DEFAULT));
    }

    private static void check(Whitespace whitespace, String document, boolean accepted) {
        for (Constraint constraint : with(whitespace)) {
            assertThat(RandomWalks.accepts(constraint, document.getBytes(UTF_8)))
                    .as("%s by %s", document, constraint.getClass().getSimpleName())
                    .isEqualTo(accepted);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"b\":[1,2,\"x\"],\"c\":{}}",
                "{\"a\": 1, \"b\": [1, 2, \"x\"], \"c\": {}}",
                "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ],\n  \"c\": {}\n}",
                "{\n    \"a\": 1,\n    \"b\": [\n        1,\n        2\n    ]\n}",
                "{\n\t\"a\": 1.5,\n\t\"b\": [\n\t\ttrue,\n\t\tnull\n\t]\n}",
            })
    void whatProgramsPrintIsIndented(String document) {
        check(Whitespace.INDENTED, document, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":  1}",
                "{\"a\" :1}",
                "{\"a\":\n1}",
                " {}",
                "{} ",
                "1\n",
                "{\n\n\"a\":1}",
                "{\n     \"a\":1}",
                "{\n\t\t\"a\":1}",
                "{\n \t\"a\":1}",
                "{\"a\":[1\n     ]}",
                "{\"a\":1\r\n}",
            })
    void nothingElseIs(String document) {
        check(Whitespace.INDENTED, document, false);
    }

    @Test
    void aNumberOfBytesBoundsEachGap() {
        check(of("", 2), " \n{ \t\"a\" \r:  1 \n}\n\n", true);
        check(of("", 2), "{\"a\":   1}", false);
        check(of("", 0), "{\"a\": 1}", false);
        check(of("", 0), "{\"a\":1}", true);
    }

    @Test
    void aPatternMatchesEachGapInFull() {
        Whitespace whitespace = of("(\\r\\n)?", 64);
        check(whitespace, "{\r\n\"a\"\r\n:1}\r\n", true);
        check(whitespace, "{\r\"a\":1}", false);
        check(whitespace, "{}\r", false);
        check(whitespace, "{\r\n\r\n}", false);
    }

    @Test
    void aPatternThatJsonCannotHaveIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> of("x?", 3))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("spaces, tabs, line feeds and carriage returns");
        assertThatThrownBy(() -> of(" ", 3))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("write (...)? around it");
    }

    @Test
    void aPositionWithinAGapIsSavedAndRestored() {
        for (Whitespace whitespace : List.of(Whitespace.INDENTED, of("(\\r\\n *)?", 9))) {
            String document =
                    whitespace == Whitespace.INDENTED ? "{\n  \"a\": [1,\n   2\n  ]}" : "{\r\n  \"a\":[1\r\n ]}\r\n";
            for (Constraint constraint : with(whitespace)) {
                Cursor cursor = constraint.start();
                for (byte b : document.getBytes(UTF_8)) {
                    cursor = RandomWalks.step(cursor, b & 0xFF);
                    Cursor restored = constraint.restore(cursor.save());
                    assertThat(restored.live()).isEqualTo(cursor.live());
                    assertThat(restored.live(9)).isEqualTo(cursor.live(9));
                    assertThat(restored.save()).isEqualTo(cursor.save());
                }
                assertThat(cursor.accepting()).isTrue();
                assertThatThrownBy(() -> constraint.restore(new byte[] {0, 7, 0}))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void whoeverPrefersWhiteSpaceStillComesToAnEnd() {
        long seed = 20;
        Random random = new Random(seed);
        for (Constraint constraint : with(Whitespace.INDENTED)) {
            for (int walk = 0; walk < 20; walk++) {
                assertThat(longestGap(constraint, random)).as("seed %d", seed).isLessThanOrEqualTo(1 + 4 * 64);
            }
        }
    }

    /** The longest run of white space where it is taken whenever it may come. */
    private static int longestGap(Constraint constraint, Random random) {
        Cursor cursor = constraint.start();
        int longest = 0;
        int gap = 0;
        for (int left = 300; left > 0; left--) {
            ByteSet live = cursor.live(left);
            ByteSet blank = live.and(Whitespace.bytes());
            ByteSet structural = live.and(ByteSet.of('[', ']', '{', '}', ',', ':', '1'));
            ByteSet chosen = !blank.isEmpty() ? blank : structural.isEmpty() ? live : structural;
            if (chosen.isEmpty()) {
                break;
            }
            gap = blank.isEmpty() ? 0 : gap + 1;
            longest = Math.max(longest, gap);
            int[] members = chosen.toArray();
            cursor = RandomWalks.step(cursor, members[random.nextInt(members.length)]);
        }
        assertThat(cursor.accepting()).isTrue();
        return longest;
    }
}
