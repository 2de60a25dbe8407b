package io.bytelm.vocab.cuts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.djl.TokenizersLibrary;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cuts of the tokenizers library around characters of all of Unicode: a few at random, or with {@code -Dcuts.all=true}
 * every one.
 */
class LibraryCutsTest {
    private static final boolean ALL = Boolean.getBoolean("cuts.all");
    private static final int CHARACTERS = 1500;
    private static final int AT_ONCE = 50;

    /** SmolLM2's first step, which knows digits by other tables of the library than patterns do. */
    private static final String EACH_DIGIT = "{\"type\": \"Digits\", \"individual_digits\": true}";

    /** Where most characters are that Unicode has assigned. */
    private static final int[] ENDS = {0x80, 0x800, 0x3000, 0xD800, 0x18000, 0x20000, 0x110000};

    static Stream<String> names() {
        return KnownPatterns.ALL.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyCharacterIsCutAsByTheLibrary(String name) {
        List<String> steps = KnownPatterns.steps(name).stream()
                .map(step -> step.equals("\\p{N}") ? EACH_DIGIT : TokenizersLibrary.split(step))
                .toList();
        OpenCuts start = OpenCuts.before(KnownPatterns.pretokenizer(name), AddedTokens.NONE);
        int[] characters = characters().toArray();
        try (TokenizersLibrary library = TokenizersLibrary.with("null", steps)) {
            for (int from = 0; from < characters.length; from += AT_ONCE) {
                StringBuilder text = new StringBuilder();
                for (int i = from; i < Math.min(characters.length, from + AT_ONCE); i++) {
                    text.append(around(Character.toString(characters[i])));
                }
                assertThat(OpenCutsTest.pieces(start, text.toString().getBytes(UTF_8)))
                        .as("from U+%X on", characters[from])
                        .isEqualTo(library.pieces(text.toString()));
            }
        }
    }

    private static String around(String character) {
        return "a" + character + "'s1" + character + "'" + character + " " + character + "A!" + character + "\n";
    }

    private static IntStream characters() {
        Random random = new Random(7);
        IntStream every = IntStream.rangeClosed(0, Character.MAX_CODE_POINT);
        IntStream some = IntStream.generate(() -> random.nextInt(ENDS[random.nextInt(ENDS.length)]));
        return (ALL ? every : some.limit(CHARACTERS))
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    }
}
