package io.bytelm.beam;

import static io.bytelm.beam.ToyModel.ascii;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeamPictureTest {
    private static final Vocabulary TOY = ToyModel.vocabulary("", "<s>", "the", " \n", "\u00ff");

    private static final Beam BEAM = new Beam(
            List.of(
                    hypothesis(Math.log(0.75) - 2, false, "e", 0, 1),
                    hypothesis(Math.log(0.249) - 2, true, "", 0, 2, 3),
                    hypothesis(Math.log(0.001) - 2, false, "", 0)),
            BeamParams.of(5, 0.01),
            EosMode.WITH_EOS);

    @Test
    void aPlainPictureShowsShareWeightTokensAndTheOpenBytes() {
        assertThat(BeamPicture.plain(TOY).of(BEAM)).isEqualTo("""
                        log Z -2.00  3 candidates
                        0.7500   -2.29  <s>|the|e
                        0.2490   -3.39  <s>| \\n|\\xff|<EOS>
                        0.0010   -8.91  <s>|
                        """);
    }

    @Test
    void aColouredPictureHasTheSameTextAndShowsWhatPruningDrops() {
        String coloured = BeamPicture.coloured(TOY).of(BEAM);
        assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", ""))
                .isEqualTo(BeamPicture.plain(TOY).of(BEAM));
        assertThat(coloured).contains("\u001b[32m0.7500").contains("\u001b[31m0.0010");
    }

    @Test
    void aDeadBeamHasNoCandidates() {
        Beam dead = new Beam(List.of(), BeamParams.of(5, 0.01), EosMode.WITH_EOS);
        assertThat(BeamPicture.plain(TOY).of(dead)).isEqualTo("log Z -Infinity  0 candidates\n");
    }

    @Test
    void charactersShowAsTheyAreAndOtherBytesAsEscapes() {
        byte[] text = "é日\ud83d\udd25".getBytes(StandardCharsets.UTF_8);
        assertThat(PrintableBytes.of(text)).isEqualTo("é日\ud83d\udd25");
        assertThat(PrintableBytes.of(new byte[] {'a', (byte) 0xE6, (byte) 0x97, 0, 27, 'b'}))
                .isEqualTo("a\\xe6\\x97\\x00\\x1bb");
    }

    private static Hypothesis hypothesis(double logWeight, boolean terminated, String partial, int... context) {
        return new Hypothesis(TokenContext.of(context), ascii(partial), logWeight, terminated, EosMode.WITH_EOS, null);
    }
}
