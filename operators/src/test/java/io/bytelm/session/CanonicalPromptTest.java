package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A prompt in whose middle the job was restored with other defaults. */
class CanonicalPromptTest {
    private static final PieceSize BYTE_BY_BYTE = new PieceSize(1, 1 << 20);

    private static ScoringLogic logic(ToyTokenizer toy, String eosToken) {
        SessionDefaults usual = SessionDefaults.STANDARD;
        String hex = HexFormat.of().formatHex(eosToken.getBytes(ISO_8859_1));
        SessionDefaults defaults = new SessionDefaults(
                        usual.width(),
                        usual.pruneThreshold(),
                        List.of(hex),
                        true,
                        BeamParams.UNLIMITED,
                        BeamParams.UNLIMITED,
                        usual.emission(),
                        usual.maxChunkBytes(),
                        usual.dummyPrefix())
                .withTokenizations(Tokenizations.CANONICAL, 0);
        RulesOnDemand rules = new RulesOnDemand(() -> toy.rules, Runnable::run);
        return new ScoringLogic(defaults, toy.vocabulary, Long.MAX_VALUE, BYTE_BY_BYTE, rules);
    }

    /** One whose rules depend on whether a token of just these bytes ends the sequence. */
    private static ToyTokenizer withAdded(String token) {
        return LongStream.range(0, 1000)
                .mapToObj(seed -> ToyTokenizer.random(new Random(seed), true))
                .filter(toy -> toy.letters.contains("s") && toy.letters.contains("'"))
                .filter(toy -> toy.vocabulary.idsOf(token.getBytes(ISO_8859_1)).length > 0)
                .filter(toy -> toy.rules
                                .withoutAdded(toy.vocabulary.idsOf(token.getBytes(ISO_8859_1)))
                                .fingerprint()
                        != toy.rules.fingerprint())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSessionGoesOnWithTheEosTokensThatItsTextWasCutBy() throws Exception {
        ToyTokenizer toy = withAdded("s'");
        BruteForceTrieLmService service = toy.service();
        InputRecord open = new InputRecord(
                new byte[] {'s'}, "open", "{\"prompt\":\"s's\"}".getBytes(UTF_8), new SourcePosition("in", 0, 0, 0));
        ScoringLogic before = logic(toy, "s'");
        SessionState state = null;
        for (int piece = 0; piece < 2; piece++) {
            state = before.onRecord(state, open).run(service::expandAll).state();
        }
        assertThat(state).isInstanceOf(Opening.class);

        ScoringLogic after = logic(toy, "<e>");
        state = after.onRecord(state, open).run(service::expandAll).state();
        assertThat(state).isInstanceOf(Open.class);
        InputRecord bytes =
                new InputRecord(new byte[] {'s'}, null, "s".getBytes(UTF_8), new SourcePosition("in", 0, 1, 0));

        assertThat(after.onRecord(state, bytes).run(service::expandAll).outputs())
                .singleElement()
                .isInstanceOf(Score.class);
    }
}
