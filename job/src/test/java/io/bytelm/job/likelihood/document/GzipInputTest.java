package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GzipInputTest {
    /** Header with a checksum of itself (2), an extra field (4), a name (8) and a comment (16). */
    private static final String ALL_HEADER_FIELDS =
            "1f8b08" + "1e" + "00000000" + "0003" + "0200" + "6162" + "6e00" + "6300" + "0000";

    @Test
    void membersOneAfterAnotherAreOneText() throws IOException {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int member = 0; member <= random.nextInt(5); member++) {
                byte[] part = new byte[random.nextInt(3) * random.nextInt(40_000)];
                random.nextBytes(part);
                packed.writeBytes(CorpusFiles.gzip(part));
                text.writeBytes(part);
            }
            packed.writeBytes(new byte[random.nextInt(2) * random.nextInt(600)]); // padding

            assertThat(unpacked(packed.toByteArray())).as("seed " + seed).isEqualTo(text.toByteArray());
        }
    }

    @Test
    void aHeaderMayHaveAllItsFields() throws IOException {
        byte[] plain = CorpusFiles.gzip(new byte[] {'o', 'k'});
        byte[] head = HexFormat.of().parseHex(ALL_HEADER_FIELDS);
        byte[] packed = Arrays.copyOf(head, head.length + plain.length - 10);
        System.arraycopy(plain, 10, packed, head.length, plain.length - 10);

        assertThat(unpacked(packed)).containsExactly('o', 'k');
    }

    @Test
    void whereverItIsCutItIsNoShorterText() throws IOException {
        byte[] member = CorpusFiles.gzip(new byte[3000]);
        byte[] packed = Arrays.copyOf(member, 2 * member.length);
        System.arraycopy(member, 0, packed, member.length, member.length);
        for (int length = 0; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            if (length == member.length) {
                assertThat(unpacked(cut)).hasSize(3000);
            } else {
                assertThatThrownBy(() -> unpacked(cut))
                        .as("the first " + length)
                        .isInstanceOf(DamagedException.class);
            }
        }
    }

    @Test
    void whatFollowsIsAMemberOrDamage() throws IOException {
        byte[] member = CorpusFiles.gzip(new byte[] {'a'});
        byte[] packed = Arrays.copyOf(member, member.length + 4);
        packed[member.length + 1] = 'x';

        assertThatThrownBy(() -> unpacked(packed)).hasMessage("what follows gzip member 1 is no gzip data");
    }

    @Test
    void aWrongChecksumIsDamage() throws IOException {
        byte[] member = CorpusFiles.gzip(new byte[] {'a', 'b', 'c'});
        member[member.length - 8] ^= 1;

        assertThatThrownBy(() -> unpacked(member)).hasMessage("the checksum of the gzip data is wrong");
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (GzipInput in = new GzipInput(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
