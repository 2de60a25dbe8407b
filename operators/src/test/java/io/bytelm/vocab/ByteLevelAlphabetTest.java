package io.bytelm.vocab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteLevelAlphabetTest {
    @Test
    void everyByteHasACharacterOfItsOwn() {
        assertThat(IntStream.range(0, 256).map(ByteLevelAlphabet::charOf).distinct())
                .hasSize(256);
    }

    @Test
    void randomBytesComeBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            assertThat(ByteLevelAlphabet.decode(written(bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x20, Ġ", "0x0A, Ċ", "0x00, Ā", "0x41, A", "0xAD, Ń", "0xFF, ÿ", "0x7F, ġ", "0xA0, ł"})
    void wellKnownBytesAreWrittenAsGpt2WritesThem(int unsignedByte, char expected) {
        assertThat(ByteLevelAlphabet.charOf(unsignedByte)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "\n", "\u00AD", "\u0144", "▁", "日", "\uD83D\uDE00"})
    void aCharacterOutsideStandsForNothing(String piece) {
        assertThat(ByteLevelAlphabet.decode(piece)).isNull();
    }

    static String written(byte[] bytes) {
        StringBuilder piece = new StringBuilder();
        for (byte b : bytes) {
            piece.append(ByteLevelAlphabet.charOf(Byte.toUnsignedInt(b)));
        }
        return piece.toString();
    }
}
