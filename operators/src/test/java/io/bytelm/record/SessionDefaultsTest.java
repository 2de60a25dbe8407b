package io.bytelm.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Collections;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class SessionDefaultsTest {
    private static final Vocabulary VOCABULARY = new Vocabulary(
            List.of(new byte[] {'<'}, new byte[] {'!'}, new byte[] {'?'}, new byte[] {'!'}),
            Collections.nCopies(4, TokenKind.NORMAL),
            0,
            new byte[0]);

    private static SessionDefaults with(int width, int maxChunkBytes, String... eosTokensHex) {
        SessionDefaults d = SessionDefaults.STANDARD;
        return new SessionDefaults(
                width,
                d.pruneThreshold(),
                List.of(eosTokensHex),
                d.heal(),
                d.healMaxBackoff(),
                d.healMaxSplits(),
                d.emission(),
                maxChunkBytes,
                d.dummyPrefix());
    }

    @Test
    void allTokensOfTheSameBytesEndTheSequence() {
        assertThat(with(3, 10, "3f", "21").beamParams(VOCABULARY).eosTokens()).containsExactly(1, 2, 3);
    }

    @Test
    void aWidthBeyondTheUsualLimitIsWithinIts() {
        assertThat(with(2000, 10).limits()).isEqualTo(new SessionLimits(2000, 128, 2000));
        assertThat(with(3, 10).limits()).isEqualTo(SessionLimits.STANDARD);
    }

    @Test
    void theyTravelWithTheJob() throws Exception {
        SessionDefaults defaults = with(3, 10, "3f");
        assertThat(InstantiationUtil.clone(defaults)).isEqualTo(defaults);
    }

    @Test
    void aWrongValueIsNamed() {
        assertThatThrownBy(() -> with(0, 10)).hasMessage("beam width K must be at least 1, got 0");
        assertThatThrownBy(() -> with(1, 0)).hasMessage("the largest chunk must be at least 1 byte, got 0");
        assertThatThrownBy(() -> with(1, 10, "zz")).hasMessage("EOS token \"zz\" is not bytes in hex, two digits each");
        assertThatThrownBy(() -> with(9, 10).withLimits(new SessionLimits(8, 1, 8)))
                .hasMessage("the default beam width K 9 is more than a session may have: 8, and 8 requests a round");
        assertThatThrownBy(() -> new SessionLimits(1, 0, 1))
                .hasMessage("the most particles of a session must be at least 1, got 0");
        assertThatThrownBy(() -> with(1, 10, "2e").beamParams(VOCABULARY))
                .hasMessage("no token of the model's vocabulary is \".\" (hex 2e)");
    }
}
