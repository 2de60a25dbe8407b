package io.bytelm.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bytelm.decode.Sampler;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers of an {@code open} at their extremes are read exactly, or refused with the range that they are not in. */
class SamplingNumbersTest {
    private static final Vocabulary VOCABULARY =
            new Vocabulary(List.of("<s>".getBytes(UTF_8)), List.of(TokenKind.NORMAL), 0, new byte[0]);

    private static DecodeRequest parse(String fields) throws RejectedRecordException {
        byte[] json = ("{\"mode\":\"driven\"," + fields + "}").getBytes(UTF_8);
        return DecodeRequest.parse(json, SessionDefaults.STANDARD.openRequest(VOCABULARY), VOCABULARY);
    }

    @ParameterizedTest
    @CsvSource({"1e-320, 1e-320", "1e-999999999, 0", "0, 0", "-0.0, 0", "1.7976931348623157e308, 1.7976931348623157e308"
    })
    void temperatures(String written, double read) throws Exception {
        assertThat(parse("\"temperature\":" + written).sampler().temperature()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "1e-400, 4.9e-324",
        "4.9e-324, 4.9e-324",
        "0.99999999999999999999999999, 1",
        "1, 1",
    })
    void shares(String written, double read) throws Exception {
        assertThat(parse("\"top_p\":" + written).sampler().topP()).isEqualTo(read);
    }

    @Test
    void aThresholdJustBelowOneIsBelowOne() throws Exception {
        double read = parse("\"prune_threshold\":0.99999999999999999999999999")
                .opened()
                .params()
                .pruneThreshold();
        assertThat(read).isEqualTo(Math.nextDown(1.0));
        assertThat(parse("\"prune_threshold\":1e-999999999").opened().params().pruneThreshold())
                .isZero();
    }

    @Test
    void theGreatestAndTheSmallestOfAll() throws Exception {
        DecodeRequest most = parse("\"top_k\":2147483647,\"min_p\":1,\"seed\":9223372036854775807,"
                + "\"max_bytes\":65536,\"particles\":1000,\"k\":1000,\"heal_max_backoff\":2147483647");
        assertThat(most.sampler()).isEqualTo(new Sampler(1, Integer.MAX_VALUE, 1, 1, Long.MAX_VALUE));
        DecodeRequest least = parse("\"top_k\":0,\"min_p\":4.9e-324,\"seed\":-9223372036854775808,\"max_bytes\":1,"
                + "\"particles\":1,\"k\":1");
        assertThat(least.sampler()).isEqualTo(new Sampler(1, 0, 1, Double.MIN_VALUE, Long.MIN_VALUE));
    }

    @ParameterizedTest
    @Timeout(5)
    @CsvSource(delimiter = '|', textBlock = """
            "temperature":-1e-400 | "temperature" | from 0 to 1.7976931348623157E308
            "temperature":1e309 | "temperature" | from 0 to 1.7976931348623157E308
            "temperature":1e999999999 | "temperature" | from 0 to 1.7976931348623157E308
            "top_p":0e999999999 | "top_p" | more than 0 and at most 1
            "top_p":1.00000000000000000000000001 | "top_p" | more than 0 and at most 1
            "min_p":-1e-999999999 | "min_p" | from 0 to 1
            "min_p":1e999999999 | "min_p" | from 0 to 1
            "prune_threshold":1.0 | "prune_threshold" | of at least 0 and less than 1
            "top_k":2147483648 | "top_k" | a whole number of at least 0
            "top_k":1e999999999 | "top_k" | a whole number of at least 0
            "seed":9223372036854775808 | "seed" | a whole number of at most 64 bits
            "seed":1e999999999 | "seed" | a whole number of at most 64 bits
            "max_bytes":65537 | "max_bytes" | from 1 to 65536
            "max_bytes":1e999999999 | "max_bytes" | from 1 to 65536
            "particles":1001 | "particles" | from 1 to 1000
            "k":0 | "k" | from 1 to 1000
            """)
    void outsideOfTheRange(String field, String name, String range) {
        RejectedRecordException refusal = catchThrowableOfType(RejectedRecordException.class, () -> parse(field));
        assertThat(refusal).hasMessageContaining("field " + name).hasMessageContaining(range);
        assertThat(String.valueOf(refusal.getMessage())).hasLineCount(1).hasSizeLessThan(200);
    }

    @Test
    void anExponentThatNoNumberHasIsRefusedAtOnce() {
        long before = System.nanoTime();
        RejectedRecordException refusal =
                catchThrowableOfType(RejectedRecordException.class, () -> parse("\"temperature\":1e99999999999"));
        assertThat(refusal.reason()).isEqualTo(OpenRequest.MALFORMED);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
}
