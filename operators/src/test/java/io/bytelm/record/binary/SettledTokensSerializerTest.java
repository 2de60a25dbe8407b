package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.SettledTokens;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.junit.jupiter.api.Test;

class SettledTokensSerializerTest extends SerializerContract<SettledTokens> {
    @Override
    TypeInformation<SettledTokens> typeInfo() {
        return ImmutableTypeInfo.SETTLED_TOKENS;
    }

    @Override
    SettledTokens randomValue(Random random) {
        int[] tokens =
                random.ints(random.nextInt(200), 0, 1 << random.nextInt(18)).toArray();
        return new SettledTokens(random.nextInt(1 << random.nextInt(20)), tokens);
    }

    @Override
    String digest() {
        return "72a7281fb07901ef2f63cbd080a43ef803595635c4f78b075ebd4400651d090d";
    }

    @Override
    void assertSame(SettledTokens actual, SettledTokens expected) {
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void formatOneStaysAsItIs() throws IOException {
        SettledTokens settled = new SettledTokens(130, new int[] {0, 300, 50_000});
        assertThat(HexFormat.of().formatHex(bytesOf(new SettledTokensSerializer(), settled)))
                .isEqualTo("8201" + "03" + "00" + "ac02" + "d08603");
    }
}
