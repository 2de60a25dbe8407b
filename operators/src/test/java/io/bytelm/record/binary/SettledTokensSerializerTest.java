package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.SettledTokens;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataInputDeserializer;
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
        int follows = random.nextInt(1 << random.nextInt(20));
        boolean letGo = follows == 0 && random.nextBoolean();
        int older = letGo ? 1 + random.nextInt(1 << random.nextInt(30)) : 0;
        return new SettledTokens(follows, older, letGo ? random.nextInt() : 0, tokens);
    }

    @Override
    String digest() {
        return "c055ab8babc24244f0bf34fe4cf463112b02c2337d553531cc5c9b965609915f";
    }

    @Override
    void assertSame(SettledTokens actual, SettledTokens expected) {
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void formatTwoStaysAsItIs() throws IOException {
        SettledTokens branch = new SettledTokens(130, new int[] {0, 300, 50_000});
        assertThat(HexFormat.of().formatHex(bytesOf(new SettledTokensSerializer(), branch)))
                .isEqualTo("8201" + "03" + "00" + "ac02" + "d08603");
        SettledTokens beginning = new SettledTokens(0, new int[] {5});
        assertThat(HexFormat.of().formatHex(bytesOf(new SettledTokensSerializer(), beginning)))
                .isEqualTo("00" + "00" + "01" + "05");
        SettledTokens resumed = new SettledTokens(0, 300, 0x01020304, new int[] {5});
        assertThat(HexFormat.of().formatHex(bytesOf(new SettledTokensSerializer(), resumed)))
                .isEqualTo("00" + "ac02" + "01020304" + "01" + "05");
    }

    @Test
    void formatOneIsRead() throws IOException {
        assertThat(readFormatOne("8201" + "03" + "00" + "ac02" + "d08603"))
                .isEqualTo(new SettledTokens(130, new int[] {0, 300, 50_000}));
        assertThat(readFormatOne("00" + "02" + "05" + "06")).isEqualTo(new SettledTokens(0, new int[] {5, 6}));
    }

    private static SettledTokens readFormatOne(String hex) throws IOException {
        return new SettledTokensSerializer()
                .read(new DataInputDeserializer(HexFormat.of().parseHex(hex)), 1);
    }
}
