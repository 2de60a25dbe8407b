package io.bytelm.span;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the spans of a text are. */
class SplitterTest {
    private static List<String> spans(SpanRule rule, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<String> spans = new ArrayList<>();
        int from = 0;
        for (int end : WholeText.ends(rule.splitter(), bytes)) {
            spans.add(new String(bytes, from, end - from, UTF_8));
            from = end;
        }
        return spans;
    }

    private static SpanRule words(SpanSpace space) {
        return SpanRule.of(SpanKind.WORDS, space);
    }

    private static SpanRule sentences(SpanSpace space) {
        return SpanRule.of(SpanKind.SENTENCES, space);
    }

    @Test
    void aWordBeginsWithTheSpaceBeforeIt() {
        assertThat(spans(words(SpanSpace.AFTER), " Holmes sat,\n\tand\u00a0saw\u3000us. "))
                .containsExactly(" Holmes", " sat,", "\n\tand", "\u00a0saw", "\u3000us.", " ");
    }

    @Test
    void aWordEndsWithTheSpaceBehindIt() {
        assertThat(spans(words(SpanSpace.BEFORE), " Holmes sat,\n\tand\u00a0saw\u3000us. "))
                .containsExactly(" ", "Holmes ", "sat,\n\t", "and\u00a0", "saw\u3000", "us. ");
    }

    @Test
    void aLineEndsBehindItsLineFeed() {
        assertThat(spans(SpanRule.of(SpanKind.LINES, SpanSpace.AFTER), "a\r\n\nb\rc\nd"))
                .containsExactly("a\r\n", "\n", "b\rc\n", "d");
    }

    @Test
    void aSentenceEndsWithItsMarksAndWhatClosesBehindThem() {
        String text = "It cost 3.14 \u2026 no? \u201cYes!\u201d said he. (Really.)  Then\n\nchapter two";
        assertThat(spans(sentences(SpanSpace.BEFORE), text))
                .containsExactly(
                        "It cost 3.14 \u2026 ",
                        "no? ",
                        "\u201cYes!\u201d ",
                        "said he. ",
                        "(Really.)  ",
                        "Then\n\n",
                        "chapter two");
        assertThat(spans(sentences(SpanSpace.AFTER), text))
                .containsExactly(
                        "It cost 3.14 \u2026",
                        " no?",
                        " \u201cYes!\u201d",
                        " said he.",
                        " (Really.)",
                        "  Then\n",
                        "\nchapter two");
    }

    @Test
    void aFullStopOfJapaneseEndsASentenceWithoutSpace() {
        for (SpanSpace space : SpanSpace.values()) {
            assertThat(spans(sentences(space), "\u306f\u3044\u3002\u300d\u305d\u3046\uff1f\uff01\u306d"))
                    .containsExactly("\u306f\u3044\u3002\u300d", "\u305d\u3046\uff1f\uff01", "\u306d");
        }
    }

    @Test
    void matchesAreTheLongestFromLeftToRightAndWhatIsBetweenThemIsASpan() {
        assertThat(spans(SpanRule.ofRegex("[0-9]+|ab|abcd"), "x12ababcde7"))
                .containsExactly("x", "12", "ab", "abcd", "e", "7");
        assertThat(spans(SpanRule.ofRegex("\\p{L}+"), "na\u00efve, Stra\u00dfe!"))
                .containsExactly("na\u00efve", ", ", "Stra\u00dfe", "!");
    }

    @Test
    void bytesThatAreNoTextBelongToAWord() {
        byte[] bytes = {'a', (byte) 0xC2, ' ', (byte) 0xE2, (byte) 0x80, ' ', 'b', (byte) 0xFF, (byte) 0xE2};
        assertThat(WholeText.ends(words(SpanSpace.AFTER).splitter(), bytes)).containsExactly(2, 5, 9);
        assertThat(WholeText.wordEnds(words(SpanSpace.BEFORE).splitter(), bytes).stream())
                .containsExactly(2, 5, 9);
    }

    @Test
    void anEmptyTextHasNoSpans() {
        for (SpanRule rule : List.of(words(SpanSpace.AFTER), sentences(SpanSpace.BEFORE), SpanRule.ofRegex("a"))) {
            assertThat(spans(rule, "")).isEmpty();
        }
    }

    @Test
    void aPatternThatMatchesTheEmptyTextIsRefused() {
        for (String pattern : List.of("a*", "(a|)", "(b?c?)")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpanRule.ofRegex(pattern).splitter())
                    .as(pattern)
                    .withMessageContaining("the empty text");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpanRule.ofRegex("(a").splitter())
                .withMessageContaining("(at position");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpanRule.ofRegex("a\\bb").splitter())
                .withMessageContaining("spans");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpanRule.ofRegex("(a|b)*a(a|b){20}").splitter())
                .withMessageContaining("spans");
    }

    @Test
    void aPatternThatWantsToSeeTheTextAroundAMatchIsRefused() {
        for (String pattern : List.of("\\bcat\\b", "^a", "a$", "^", "a(?=b)", "(?<!x)a", "(a(?!b))+")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpanRule.ofRegex(pattern).splitter())
                    .as(pattern)
                    .withMessageContaining("^, $, \\b or a look-around");
        }
    }

    @Test
    void aPatternThatLooksFarAheadReadsOnlySoFar() {
        byte[] text = new byte[40_000];
        Arrays.fill(text, (byte) 'a');
        Splitter catastrophic = SpanRule.ofRegex("(a+)+b|aaa").splitter();
        org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            int[] ends = WholeText.ends(catastrophic, text);
            assertThat(ends.length).isEqualTo((text.length + 2) / 3);
        });
    }

    @Test
    void whiteSpaceBelongsToWordsAndSentencesAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpanRule.of(SpanKind.LINES, SpanSpace.BEFORE))
                .withMessageContaining("lines");
    }
}
