package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class CompositionTest {
    private static int firstChange(String text) {
        return Composition.firstChange(text.getBytes(UTF_8));
    }

    @Test
    void composedTextsAreLeftAsTheyAre() {
        for (String text :
                new String[] {"", "plain", "\u00e9t\u00e9", "\uac00 \u4e2d\ud83d\ude00", "\u0301 at the beginning"}) {
            assertThat(firstChange(text)).as(text).isNegative();
        }
    }

    @Test
    void theFirstCharacterThatIsComposedOtherwiseIsFound() {
        assertThat(firstChange("caf\u00e9 e\u0301")).isEqualTo(6);
        assertThat(firstChange("e\u0301")).isZero();
        assertThat(firstChange("5 \u212b")).isEqualTo(2); // the sign of the unit is a letter with a ring
        assertThat(firstChange("\ud83d\ude00a\u0301")).isEqualTo(4);
    }

    @Test
    void bytesThatAreNoUtf8PartTexts() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("ok ".getBytes(UTF_8));
        text.write(0xFF);
        text.writeBytes("a".getBytes(UTF_8));
        text.write(0xE2);
        assertThat(Composition.firstChange(text.toByteArray())).isNegative();
        text.writeBytes("e\u0301".getBytes(UTF_8));
        assertThat(Composition.firstChange(text.toByteArray())).isEqualTo(6);
    }
}
