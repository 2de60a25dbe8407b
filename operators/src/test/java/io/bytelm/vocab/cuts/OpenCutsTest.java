package io.bytelm.vocab.cuts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenCutsTest {
    private static final String[] CHARACTERS = {
        "a", "b", "S", "s", "T", "L", "l", "d", "D", "e", "V", "r", "R", "m", "ſ", "1", "2", "²", "Ⅷ", " ", " ", " ",
        "\t", "\n", "\n", "\r", "\u00a0", "\u3000", "\u0085", "'", "'", "!", ".", "/", "-", "<", "|", ">", "é", "É",
        "ǅ", "ʰ", "中", "ひ", "ー", "\u0301", "€", "\u0001", "\u200b", "😀", "𝒜"
    };
    private static final List<String> ADDED = List.of("<|a|>", "<|a|>b", "a|>", "<", "<|", "||a", "😀é", "  \n");
    private static final int TEXTS = 150;

    static Stream<String> names() {
        return KnownPatterns.ALL.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theCutsAreThoseThatTheWholeTextHas(String name) {
        CutsOfJava expected = CutsOfJava.of(KnownPatterns.steps(name), List.of());
        OpenCuts start = OpenCuts.before(KnownPatterns.pretokenizer(name), AddedTokens.NONE);
        for (long seed = 0; seed < TEXTS; seed++) {
            String text = text(new Random(seed));
            assertThat(pieces(start, text.getBytes(UTF_8))).as("seed %s", seed).isEqualTo(expected.pieces(text));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void addedTokensAreFoundBeforeAllElseTheLeftmostAndLongest(String name) {
        for (long seed = 0; seed < TEXTS; seed++) {
            Random random = new Random(seed);
            List<String> added =
                    ADDED.stream().filter(token -> random.nextInt(3) > 0).toList();
            CutsOfJava expected = CutsOfJava.of(KnownPatterns.steps(name), added);
            OpenCuts start = OpenCuts.before(KnownPatterns.pretokenizer(name), tokens(added));
            String text = text(random) + text(random, "<", "|", "a", ">", "b", " ", "\n") + text(random);
            assertThat(pieces(start, text.getBytes(UTF_8))).as("seed %s", seed).isEqualTo(expected.pieces(text));
        }
    }

    @Test
    void addedTokensAreFoundWhereNothingElseCuts() {
        int found = 0;
        for (long seed = 0; seed < 10 * TEXTS; seed++) {
            Random random = new Random(seed);
            List<String> added =
                    Stream.generate(() -> text(random, "a", "b", "é")).limit(3).toList();
            List<String> notEmpty =
                    added.stream().filter(token -> !token.isEmpty()).toList();
            OpenCuts start = OpenCuts.before(Pretokenizer.NONE, tokens(notEmpty));
            String text = text(random, "a", "b", "é") + text(random, "a", "b", "é");
            List<String> expected = CutsOfJava.of(List.of(), notEmpty).pieces(text);
            assertThat(pieces(start, text.getBytes(UTF_8)))
                    .as("seed %s, %s", seed, added)
                    .isEqualTo(expected);
            found += expected.size() > 1 ? 1 : 0;
        }
        assertThat(found).isGreaterThan(TEXTS);
    }

    @ParameterizedTest
    @MethodSource("names")
    void bytesThatAreNoUtf8AreCutAsTheCharacterThatReplacesThem(String name) {
        CutsOfJava expected = CutsOfJava.of(KnownPatterns.steps(name), List.of());
        OpenCuts start = OpenCuts.before(KnownPatterns.pretokenizer(name), AddedTokens.NONE);
        for (long seed = 0; seed < TEXTS; seed++) {
            Random random = new Random(seed);
            byte[] text = text(random).getBytes(UTF_8);
            for (int i = 0; i < text.length; i += 1 + random.nextInt(8)) {
                text[i] = (byte) (random.nextBoolean() ? random.nextInt(256) : text[random.nextInt(text.length)]);
            }
            List<String> pieces = expected.pieces(new String(text, UTF_8));
            assertThat(pieces(start, text)).as("seed %s", seed).isEqualTo(pieces);
        }
    }

    private static AddedTokens tokens(List<String> added) {
        Map<Integer, byte[]> bytes = new HashMap<>();
        added.forEach(token -> bytes.put(bytes.size(), token.getBytes(UTF_8)));
        return new AddedTokens(bytes);
    }

    private static String text(Random random) {
        return text(random, CHARACTERS);
    }

    private static String text(Random random, String... characters) {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(9), 0, characters.length).forEach(i -> text.append(characters[i]));
        return text.toString();
    }

    /** The pieces of the one course that is right where the text ends. */
    static List<String> pieces(OpenCuts start, byte[] text) {
        List<OpenCuts> all = new ArrayList<>();
        OpenCuts cuts = start;
        for (byte b : text) {
            cuts = cuts.read(b & 0xFF);
            assertThat(cuts.count()).isBetween(1, 24);
            all.add(cuts);
        }
        List<Integer> right = new ArrayList<>();
        for (int course = 0; course < cuts.count(); course++) {
            if (cuts.mayEnd(course)) {
                right.add(course);
            }
        }
        assertThat(right).hasSize(1);
        List<String> pieces = new ArrayList<>();
        int end = text.length;
        int course = right.get(0);
        for (int at = text.length - 1; at >= 0; at--) {
            if (all.get(at).cutBefore(course)) {
                pieces.add(0, new String(Arrays.copyOfRange(text, at, end), UTF_8));
                end = at;
            }
            course = all.get(at).origin(course);
        }
        return pieces;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a++",
                "a*?",
                "a?",
                "\\bx",
                "^a",
                "a$",
                "(?=a)b",
                "(a)",
                "a{2,1}",
                "[a[b]]",
                "\\p{Han}",
                "\\d",
                "a)",
                "a{,2}"
            })
    void aPatternThatIsNotUnderstoodIsRefusedByName(String pattern) {
        assertThatThrownBy(() -> Pretokenizer.NONE.then(pattern, true)).isInstanceOf(UnknownPatternException.class);
    }

    @Test
    void whatIsLostBetweenMatchesEndsEveryCourse() {
        OpenCuts start = OpenCuts.before(Pretokenizer.NONE.then("[ab]+", false), AddedTokens.NONE);

        assertThat(start.read('a').read('b').count()).isEqualTo(1);
        assertThat(start.read('a').read('c').count()).isZero();
    }

    @Test
    void aTextThatOpensMoreCoursesThanAreFollowedIsFollowedNoFurther() {
        OpenCuts cuts = OpenCuts.before(Pretokenizer.NONE, tokens(List.of("=".repeat(99) + "!")));
        for (int read = 1; read < OpenCuts.MAX_COURSES; read++) {
            cuts = cuts.read('=');
            assertThat(cuts.count()).isEqualTo(read + 1);
        }

        assertThat(cuts.read('=').count()).isZero();
        assertThat(cuts.read('=').read('=').count()).isZero();
    }

    @Test
    void inAWordThereIsOneCourse() {
        OpenCuts cuts = OpenCuts.before(KnownPatterns.pretokenizer("GPT-2"), AddedTokens.NONE);
        for (byte b : "The quick brown fox".getBytes(UTF_8)) {
            cuts = cuts.read(b & 0xFF);
            assertThat(cuts.count()).isEqualTo(1);
        }
    }
}
