package io.bytelm.constraint.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonConstraintTest {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    static {
        STRICT.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(2000).build());
    }

    private static final JsonConstraint ANY = new JsonConstraint(JsonOptions.ANY);
    private static final JsonConstraint COMPACT = new JsonConstraint(JsonOptions.COMPACT);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-12.50e+07",
                "1E9",
                "\"\"",
                "\"é😀\\u00e9\\uD83D\\uDE00\\n\\/\\\"\"",
                "true",
                "false",
                "null",
                "[]",
                "{}",
                "[[],{}]",
                "{\"a\":{\"b\":[1,2,{\"\":null}]},\"a\":1}",
                "[\"[\",\"{:,}]\"]"
            })
    void jsonTextsAreAcceptedWithAndWithoutWhitespace(String text) {
        assertThat(RandomWalks.accepts(COMPACT, utf8(text))).isTrue();
        assertThat(RandomWalks.accepts(ANY, utf8(" \t" + text + "\r\n "))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "-",
                "1.",
                ".5",
                "1e",
                "+1",
                "\"",
                "\"\t\"",
                "\"\\x\"",
                "\"\\u12\"",
                "tru",
                "True",
                "[",
                "]",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "[1}",
                "{\"a\":1]",
                "1 1",
                "[] []",
                "NaN",
                "'a'",
                "[1]]"
            })
    void otherTextsAreRejected(String text) {
        assertThat(RandomWalks.accepts(ANY, utf8(text))).isFalse();
    }

    @Test
    void brokenUtf8IsRejected() {
        assertThat(RandomWalks.accepts(ANY, new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'}))
                .isFalse();
        assertThat(RandomWalks.accepts(ANY, new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}))
                .isFalse();
    }

    @Test
    void escapedSurrogatesComeInPairsUnlessAskedOtherwise() {
        assertThat(RandomWalks.accepts(COMPACT, utf8("\"\\ud83d\""))).isFalse();
        assertThat(RandomWalks.accepts(COMPACT, utf8("\"\\ude00\\ud83d\""))).isFalse();
        assertThat(RandomWalks.accepts(ANY, utf8("\"\\ude00\\ud83d\""))).isTrue();
    }

    @Test
    void compactTextsHaveNoWhitespaceOutsideStrings() {
        assertThat(RandomWalks.accepts(COMPACT, utf8("[1, 2]"))).isFalse();
        assertThat(RandomWalks.accepts(COMPACT, utf8("[\" \"]"))).isTrue();
    }

    @Test
    void atTheDepthLimitNothingOpens() {
        JsonConstraint shallow = new JsonConstraint(new JsonOptions(2, false, false));
        Cursor inside = RandomWalks.after(shallow, utf8("[{\"a\":"));
        assertThat(inside.live().contains('[')).isFalse();
        assertThat(inside.live().contains('{')).isFalse();
        assertThat(inside.live().contains('"')).isTrue();
        assertThat(RandomWalks.accepts(shallow, utf8("[{\"a\":\"[\"},[]]"))).isTrue();
        assertThat(RandomWalks.accepts(shallow, utf8("[[[]]]"))).isFalse();
    }

    @Test
    void theFewestBytesCountTheClosingOfEveryContainer() {
        Cursor inside = RandomWalks.after(COMPACT, utf8("[{\"a\":[1,\"x\\"));
        assertThat(inside.fewestBytesToAccept()).isEqualTo(utf8("n\"]}]").length);
        assertThat(RandomWalks.after(COMPACT, utf8("[{")).fewestBytesToAccept()).isEqualTo(2);
        assertThat(RandomWalks.after(COMPACT, utf8("[{\"a\":1,")).fewestBytesToAccept())
                .isEqualTo(6);
        assertThat(RandomWalks.after(COMPACT, utf8("[1,")).live(2)).isEqualTo(ByteSet.range('0', '9'));
    }

    @Test
    void aDeepCursorIsSavedInABitForEachLevel() {
        Cursor deep = RandomWalks.after(ANY, utf8("[{\"a\":".repeat(400)));
        assertThat(deep.save()).hasSize(106);
        Cursor restored = ANY.restore(deep.save());
        for (byte b : utf8("1" + "}]".repeat(400))) {
            restored = RandomWalks.step(restored, b);
        }
        assertThat(restored.accepting()).isTrue();
    }

    @Test
    void bytesThatAreNoPositionAreRefused() {
        for (byte[] saved : new byte[][] {{}, {0, 1}, {0, 1, 0, 0, 0, 9, 0}, {127, 0, 0, 0, 0, 0}}) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> ANY.restore(saved));
        }
    }

    @Test
    void walksAreJson() {
        for (int budget : new int[] {1, 2, 3, 7, 40, 300}) {
            RandomWalks.walk(COMPACT, RandomWalks.count(), budget, budget, JsonConstraintTest::parses)
                    .assertClean("compact", budget);
            RandomWalks.walk(ANY, RandomWalks.count(), budget, budget, JsonConstraintTest::parses)
                    .assertClean("any", budget);
        }
    }

    private static boolean parses(byte[] text) {
        try {
            return !STRICT.readTree(text).isMissingNode();
        } catch (IOException malformed) {
            return false;
        }
    }
}
