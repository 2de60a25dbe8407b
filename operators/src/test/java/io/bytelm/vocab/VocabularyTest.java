package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final byte[] SPACE = {' '};

    private static Vocabulary of(int bos, String... tokens) {
        List<byte[]> bytes = Arrays.stream(tokens).map(t -> t.getBytes(UTF_8)).toList();
        return new Vocabulary(bytes, Collections.nCopies(tokens.length, TokenKind.NORMAL), bos, SPACE);
    }

    @Test
    void idsAreFoundByTheirExactBytes() {
        Vocabulary vocabulary = of(0, "<s>", "b", "", "ab", "b", "a", "", "b");

        assertThat(vocabulary.idsOf("b".getBytes(UTF_8))).containsExactly(1, 4, 7);
        assertThat(vocabulary.idsOf(new byte[0])).containsExactly(2, 6);
        assertThat(vocabulary.idsOf("<s>".getBytes(UTF_8))).containsExactly(0);
        assertThat(vocabulary.idsOf("abc".getBytes(UTF_8))).isEmpty();
        assertThat(vocabulary.idsOf(new byte[] {(byte) 0xFF})).isEmpty();
    }

    @Test
    void idsOfRandomBytesAreThoseOfALinearSearch() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> tokens = new ArrayList<>();
        for (int id = 0; id < 500; id++) {
            tokens.add(randomToken(random));
        }
        Vocabulary vocabulary = new Vocabulary(tokens, Collections.nCopies(tokens.size(), TokenKind.NORMAL), 0, SPACE);
        for (int i = 0; i < 500; i++) {
            byte[] wanted = randomToken(random);
            int[] expected = IntStream.range(0, tokens.size())
                    .filter(id -> Arrays.equals(tokens.get(id), wanted))
                    .toArray();
            assertThat(vocabulary.idsOf(wanted)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private static byte[] randomToken(Random random) {
        byte[] token = new byte[random.nextInt(4)];
        for (int i = 0; i < token.length; i++) {
            token[i] = (byte) (random.nextInt(4) * 0x55); // 00, 55, AA, FF: both signs
        }
        return token;
    }

    @Test
    void theDummyPrefixCanBeSwitchedOff() {
        Vocabulary vocabulary = of(1, "a", "b");
        Vocabulary without = vocabulary.withoutDummyPrefix();

        assertThat(vocabulary.dummyPrefix()).isEqualTo(SPACE);
        assertThat(without.dummyPrefix()).isEmpty();
        assertThat(without.size()).isEqualTo(2);
        assertThat(without.bosToken()).isEqualTo(1);
        assertThat(without.idsOf("b".getBytes(UTF_8))).containsExactly(1);
        assertThat(without.fingerprint()).isEqualTo(vocabulary.fingerprint());
    }

    @Test
    void theFingerprintIsTheSameInEveryJvm() {
        assertThat(of(0, "a", "bc", "").fingerprint()).isEqualTo(0x3f50c0460223e8c7L);
    }

    @Test
    void theFingerprintTellsBytesKindsBoundariesAndBosApart() {
        Vocabulary otherKind = new Vocabulary(
                List.of("a".getBytes(UTF_8), "bc".getBytes(UTF_8)),
                List.of(TokenKind.NORMAL, TokenKind.SPECIAL),
                0,
                SPACE);

        assertThat(List.of(of(0, "a", "bc"), of(0, "ab", "c"), of(0, "a", "bd"), of(1, "a", "bc"), otherKind))
                .extracting(Vocabulary::fingerprint)
                .doesNotHaveDuplicates();
    }

    @Test
    void aSpecialTokenThatIsNoIdIsRefused() {
        List<byte[]> tokens = List.of(SPACE);
        List<TokenKind> kinds = List.of(TokenKind.NORMAL);

        assertThatThrownBy(() -> new Vocabulary(tokens, kinds, 1, SPACE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("BOS token 1");
        assertThatThrownBy(() -> new Vocabulary(tokens, kinds, new SpecialTokens(0, List.of(0, -1)), SPACE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EOS token -1");
    }
}
