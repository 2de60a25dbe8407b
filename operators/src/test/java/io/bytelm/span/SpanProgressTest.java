package io.bytelm.span;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spans of random texts, byte after byte. */
class SpanProgressTest {
    private static final long SEED = 20_261_129;
    private static final String[] PIECES = {
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "a",
        "word",
        ".",
        "?",
        "!\u201d",
        "\u3002",
        "\u00a0",
        "\u3000",
        "\u00e9",
        "12",
        "ab",
        "abc",
        "\ud83d\ude00"
    };

    static List<SpanRule> rules() {
        List<SpanRule> rules = new ArrayList<>();
        for (SpanSpace space : SpanSpace.values()) {
            rules.add(SpanRule.of(SpanKind.WORDS, space));
            rules.add(SpanRule.of(SpanKind.SENTENCES, space));
        }
        rules.add(SpanRule.of(SpanKind.LINES, SpanSpace.AFTER));
        rules.add(SpanRule.ofRegex("[0-9]+|ab+c|\\s\\S"));
        rules.add(SpanRule.ofRegex("(ab?)+c|\u00e9|word.*"));
        return rules;
    }

    /** Texts with bytes that are no UTF-8, and some that end in the middle of a character. */
    private static byte[] text(Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int pieces = random.nextInt(40);
        for (int i = 0; i < pieces; i++) {
            if (random.nextInt(12) == 0) {
                text.write(random.nextInt(256));
            } else {
                text.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
            }
        }
        return Arrays.copyOf(text.toByteArray(), Math.max(0, text.size() - random.nextInt(2)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void spansAreTheTextAndTheirSumIsItsLogLikelihood(SpanRule rule) {
        Random random = new Random(SEED);
        Splitter splitter = rule.splitter();
        for (int round = 0; round < 400; round++) {
            byte[] text = text(random);
            double[] before = new double[text.length + 1];
            SpanProgress progress = SpanProgress.NONE;
            List<Span> spans = new ArrayList<>();
            for (int i = 0; i < text.length; i++) {
                before[i + 1] = before[i] - 10 * random.nextDouble();
                SpanProgress.Advanced advanced = progress.advance(splitter, text[i], before[i], before[i + 1]);
                progress = advanced.progress();
                spans.addAll(advanced.ended());
            }
            spans.addAll(progress.end(splitter, before[text.length]));
            String what = "seed " + SEED + ", round " + round;
            assertThat(spans.stream().mapToInt(span -> (int) span.to()))
                    .as(what)
                    .containsExactly(boxed(WholeText.ends(splitter, text)));
            assertPartition(spans, text, before, what);
        }
    }

    private static Integer[] boxed(int[] values) {
        return Arrays.stream(values).boxed().toArray(Integer[]::new);
    }

    private static void assertPartition(List<Span> spans, byte[] text, double[] before, String what) {
        long at = 0;
        double sum = 0;
        for (Span span : spans) {
            assertThat(span.from()).as(what).isEqualTo(at);
            assertThat(span.text()).as(what).isEqualTo(Arrays.copyOfRange(text, (int) span.from(), (int) span.to()));
            double expected = before[(int) span.to()] - before[(int) span.from()];
            assertThat(span.logLikelihood()).as(what).isCloseTo(expected, within(1e-9));
            at = span.to();
            sum += span.logLikelihood();
        }
        assertThat(at).as(what).isEqualTo(text.length);
        assertThat(sum).as(what).isCloseTo(before[text.length], within(1e-9));
    }

    /** Java's own engine is another implementation, for patterns in which the first alternative is the longest. */
    @ParameterizedTest
    @MethodSource("patterns")
    void matchesAreThoseOfJava(String pattern) {
        Random random = new Random(SEED);
        Splitter splitter = SpanRule.ofRegex(pattern).splitter();
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append("ab1 \u00e9\n".charAt(random.nextInt(6)));
            }
            List<Integer> expected = new ArrayList<>();
            java.util.regex.Matcher matcher =
                    java.util.regex.Pattern.compile(pattern).matcher(text);
            int last = 0;
            while (matcher.find()) {
                if (matcher.start() > last) {
                    expected.add(bytes(text, matcher.start()));
                }
                last = matcher.end();
                expected.add(bytes(text, last));
            }
            if (last < text.length()) {
                expected.add(bytes(text, text.length()));
            }
            assertThat(WholeText.ends(splitter, text.toString().getBytes(UTF_8)))
                    .as("seed %d, round %d: %s", SEED, round, text)
                    .containsExactly(expected.stream().mapToInt(i -> i).toArray());
        }
    }

    static List<String> patterns() {
        return List.of("a+b", "[ab]+1|1+", "(ab)+|a1", "\\s+", "[^\\s]+\\s*", ".+\n", "\u00e9+b?", "(a|b)*1(a|b)");
    }

    private static int bytes(CharSequence text, int chars) {
        return text.subSequence(0, chars).toString().getBytes(UTF_8).length;
    }
}
