package io.bytelm.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.CanonicalContexts.Stretch;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanonicalContextsTest {
    private static final int LETTERS = 26;
    /** Ids of the tokenizer that the model has no row for, as of an unresized padding token. */
    private static final int WITHOUT_ROW = LETTERS + 3;

    /** No row is lost. */
    private static final Predicate<TokenContext> KEPT = context -> false;

    private final Vocabulary letters = new Vocabulary(
            IntStream.range(0, LETTERS)
                    .mapToObj(letter -> new byte[] {(byte) ('a' + letter)})
                    .toList(),
            Collections.nCopies(LETTERS, TokenKind.NORMAL),
            0,
            new byte[0]);

    /** A letter a token; all else is the token without a row. */
    private record OfLetters() implements CanonicalTokenizer {
        @Override
        public int[] tokens(byte[] text) {
            return new String(text, UTF_8)
                    .chars()
                    .map(c -> Character.isLetter(c) ? c - 'a' : WITHOUT_ROW)
                    .toArray();
        }

        @Override
        public void close() {}
    }

    private Stretch ahead(String text) {
        CanonicalContexts contexts = new CanonicalContexts(letters, new OfLetters());
        Stretch stretch = contexts.ahead(TokenContext.startingWith(0), text.getBytes(UTF_8), KEPT);
        assertThat(stretch).isNotNull();
        return stretch;
    }

    @Test
    void contextsGoOnAsFarAsTheTextIsKnown() {
        List<TokenContext> contexts = ahead("abcdefghijklmnopqrst").contexts();

        assertThat(contexts).hasSize(1 + 18);
        assertThat(contexts.get(5)).isEqualTo(TokenContext.of(0, 0, 1, 2, 3, 4));
    }

    @Test
    void contextsEndBeforeATokenThatTheModelHasNoRowFor() {
        List<TokenContext> contexts = ahead("abcdef#ghijklmnopqrst").contexts();

        assertThat(contexts).hasSize(1 + 6);
        assertThat(contexts.get(6)).isEqualTo(TokenContext.of(0, 0, 1, 2, 3, 4, 5));
    }

    @Test
    void eachStretchIsHandedOutOnceAndTextsThatBeginAlikeEachHaveTheirOwn() {
        CanonicalContexts contexts = new CanonicalContexts(letters, new OfLetters());
        TokenContext bos = TokenContext.startingWith(0);
        TokenContext shared = bos.plus(1).plus(2);

        assertThat(contexts.ahead(bos, utf8("bcdefghijklmnopqrst"), KEPT)).isNotNull();
        assertThat(contexts.ahead(bos, utf8("bcdefghijklmnopqrst"), KEPT)).isNull();
        assertThat(contexts.ahead(bos, utf8("zyxwvutsrqponmlkjih"), KEPT)).isNotNull();
        Stretch other = contexts.ahead(shared, utf8("zyxwvutsrqponmlkjih"), KEPT);
        assertThat(other).isNotNull();
        assertThat(other.contexts().get(1)).isEqualTo(shared.plus('z' - 'a'));
        assertThat(contexts.ahead(shared, utf8("zyxwvutsrqponmlkjih"), KEPT)).isNull();
    }

    @Test
    void anAlternativeGoesOnForSomeTokensAndIsCanonicalFromThenOn() {
        CanonicalContexts contexts = new CanonicalContexts(letters, new OfLetters());
        TokenContext bos = TokenContext.startingWith(0);
        byte[] rest = utf8("cdefghijklmnopqrstu");
        assertThat(contexts.ahead(bos, utf8("bcdefghijklmnopqrst"), KEPT)).isNotNull();
        TokenContext canonical = bos.plus(1);
        TokenContext alternative = bos.plus(25);

        assertThat(contexts.branch(canonical, rest)).isEmpty();
        List<TokenContext> branch = contexts.branch(alternative, rest);
        assertThat(branch)
                .containsExactly(
                        alternative.plus(2),
                        alternative.plus(2).plus(3),
                        alternative.plus(2).plus(3).plus(4));
        assertThat(contexts.branch(branch.get(2), utf8("fghijklmnopqrstu"))).isEmpty();
        assertThat(contexts.ahead(branch.get(2), utf8("fghijklmnopqrstu"), KEPT))
                .isNotNull();
    }

    @Test
    void whatIsNoAlternativeToAnythingKnownOrOfTooShortATextHasNoBranch() {
        CanonicalContexts contexts = new CanonicalContexts(letters, new OfLetters());
        TokenContext bos = TokenContext.startingWith(0);

        assertThat(contexts.branch(bos.plus(25), utf8("cdefghijklmnopqrstu"))).isEmpty();
        assertThat(contexts.ahead(bos, utf8("bcdefghijklmnopqrst"), KEPT)).isNotNull();
        assertThat(contexts.branch(bos.plus(25), utf8("cdefghijklmnopq"))).isEmpty();
    }

    @Test
    void whatWasHandedOutIsHandedOutAgainWhereItsRowsAreLost() {
        CanonicalContexts contexts = new CanonicalContexts(letters, new OfLetters());
        TokenContext bos = TokenContext.startingWith(0);
        byte[] text = utf8("bcdefghijklmnopqrst");
        Stretch first = contexts.ahead(bos, text, KEPT);
        assertThat(first).isNotNull();
        TokenContext kept = first.contexts().get(first.contexts().size() - 3);

        Stretch again = contexts.ahead(bos, text, context -> true);
        assertThat(again).isNotNull();
        assertThat(again.contexts()).isEqualTo(first.contexts());
        assertThat(contexts.ahead(bos, text, context -> context.length() >= kept.length() || context.equals(bos)))
                .isNull();
    }

    @Test
    void anAlternativeFromWhichNothingIsSpelledIsNotCanonical() {
        CanonicalContexts contexts = new CanonicalContexts(letters, new OfLetters());
        TokenContext bos = TokenContext.startingWith(0);
        assertThat(contexts.ahead(bos, utf8("bcdefghijklmnopqrst"), KEPT)).isNotNull();
        TokenContext alternative = bos.plus(25);

        assertThat(contexts.branch(alternative, utf8("#defghijklmnopqrstu"))).isEmpty();
        assertThat(contexts.branch(alternative, utf8("cdefghijklmnopqrstu"))).hasSize(3);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
