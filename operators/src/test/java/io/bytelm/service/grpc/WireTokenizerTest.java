package io.bytelm.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.service.grpc.proto.TokenizerPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of a tokenizer is read again, and what is none is noticed before it takes memory. */
class WireTokenizerTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int TOKENS = 10_000;
    private static final long FINGERPRINT = 0x8000_0000_0000_0001L;

    private static byte[] noise(Random random, int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return noise;
    }

    private static Sealed part(byte[] gzipped) {
        return Seal.close(TokenizerPart.newBuilder()
                .setGzippedJson(ByteString.copyFrom(gzipped))
                .build());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whatIsReadIsWhatWasWritten(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] json = noise(random, random.nextInt(2 * MEBIBYTE));
        List<Sealed> parts = WireTokenizer.of(json, TOKENS, FINGERPRINT);

        assertThat(parts).hasSizeGreaterThan(json.length >> 18);
        assertThat(parts).allMatch(part -> part.getSerializedSize() < MEBIBYTE);
        WireTokenizer.Told told = WireTokenizer.read(parts.iterator(), TOKENS);
        assertThat(told.json()).isEqualTo(json);
        assertThat(told.rulesFingerprint()).isEqualTo(FINGERPRINT);
    }

    @Test
    void theReasonTravelsInOneLine() {
        assertThatThrownBy(() -> WireTokenizer.read(
                        WireTokenizer.refusal("no\n  such file\n").iterator(), TOKENS))
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessage("no; such file");
        assertThatThrownBy(() -> WireTokenizer.read(
                        WireTokenizer.refusal("x".repeat(MEBIBYTE)).iterator(), TOKENS))
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(MEBIBYTE >> 8));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void aBitThatWasChangedOrAPartThatIsLostIsNoticed(long seed) {
        Random random = new Random(seed);
        List<Sealed> parts = WireTokenizer.of(noise(random, 700_000), TOKENS, FINGERPRINT);
        for (int i = 0; i < 20; i++) {
            int changed = random.nextInt(parts.size());
            byte[] body = parts.get(changed).getBody().toByteArray();
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
            List<Sealed> damaged = new ArrayList<>(parts);
            damaged.set(
                    changed,
                    parts.get(changed).toBuilder()
                            .setBody(ByteString.copyFrom(body))
                            .build());
            requireMalformed(damaged, "changed on the way");
        }
        for (int lost = 0; lost < parts.size(); lost++) {
            List<Sealed> fewer = new ArrayList<>(parts);
            fewer.remove(lost);
            requireMalformed(fewer, "a tokenizer that cannot be unpacked");
        }
    }

    private static void requireMalformed(List<Sealed> parts, String message) {
        requireMalformed(parts, TOKENS, message);
    }

    private static void requireMalformed(List<Sealed> parts, int tokens, String message) {
        assertThatThrownBy(() -> WireTokenizer.read(parts.iterator(), tokens))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatIsNoTokenizerIsRefusedAtOnce() {
        requireMalformed(List.of(), "no tokenizer");
        requireMalformed(List.of(part(new byte[0])), "without bytes");
        requireMalformed(List.of(part("{}".getBytes(UTF_8))), "cannot be unpacked");
        byte[] none = {-1, -1};
        CRC32C checksum = new CRC32C();
        checksum.update(none);
        Sealed sealed = Sealed.newBuilder()
                .setBody(ByteString.copyFrom(none))
                .setCrc32C((int) checksum.getValue())
                .build();
        requireMalformed(List.of(sealed), "a part of a tokenizer that is none");
    }

    @Test
    void noMoreIsHeldThanAModelOfThisSizeMayHaveWhateverComes() throws IOException {
        int tokens = 1000;
        int most = 1_304_576;
        Sealed noise = part(noise(new Random(4), MEBIBYTE));
        requireMalformed(Collections.nCopies(1 << 30, noise), tokens, "more than " + most + " bytes");

        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            gzip.write(new byte[most + 1]);
        }
        requireMalformed(
                List.of(part(small.toByteArray())), tokens, "more than " + most + " bytes when it is unpacked");
    }

    @ParameterizedTest(name = "{0} tokens")
    @CsvSource({"1000, 1304576", "1000000, 67108864"})
    void aServerSendsNoMoreThanAClientReads(int tokens, int most) {
        assertThatThrownBy(() -> WireTokenizer.of(new byte[most + 1], tokens, FINGERPRINT))
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessageContaining("tokenizer.json has " + (most + 1) + " bytes");
    }
}
