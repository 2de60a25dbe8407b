package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.NoCanonicalTokenizationsException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.LogicalType;
import org.junit.jupiter.api.Test;

/** Texts over the tokenizations alone that the tokenizer writes, on a small model. */
class CanonicalTextScoringTest {
    private static final List<String> TEXTS = List.of("ab", "cabab", "d", "a", "ba\u00e9");
    private static final int LOG_LIKELIHOOD = 0;
    private static final int UPPER = 1;
    private static final int BITS_PER_BYTE = 2;
    private static final int SURPRISAL_BITS = 3;
    private static final double NATS = 1e-9;

    private static ToyRows rows(boolean everyByte, String... options) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("task", "score", "tokenizations", "canonical"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        Map<String, LogicalType> columns = new LinkedHashMap<>();
        columns.put("log_likelihood", new DoubleType());
        columns.put("log_likelihood_upper", new DoubleType());
        columns.put("bits_per_byte", new DoubleType());
        if (everyByte) {
            columns.put("surprisal_bits", new ArrayType(new DoubleType()));
        }
        return new ToyRows(all, columns);
    }

    /** Read by a tree that defers nothing, byte after byte. */
    private static double exact(String text) {
        ToyService service = ToyService.answering();
        return CanonicalTree.initial(service.canonicalRules(), CanonicalParams.exact(), EosMode.WITH_EOS)
                .read(text.getBytes(UTF_8))
                .run(new ServiceAnswers(service))
                .logProb()
                .logLower();
    }

    @Test
    void theSumIsThatOverCanonicalTokenizationsWithAndWithoutEveryByte() {
        for (String text : TEXTS) {
            double expected = exact(text);
            RowData sum = rows(false).of(text);
            RowData everyByte = rows(true).of(text);
            for (RowData row : List.of(sum, everyByte)) {
                assertThat(row.getDouble(LOG_LIKELIHOOD)).as(text).isCloseTo(expected, within(NATS));
                assertThat(row.getDouble(UPPER)).as(text).isCloseTo(expected, within(NATS));
            }
            double[] surprisals = everyByte.getArray(SURPRISAL_BITS).toDoubleArray();
            assertThat(surprisals).hasSize(text.getBytes(UTF_8).length);
            assertThat(Arrays.stream(surprisals).sum() * Math.log(2)).isCloseTo(-expected, within(NATS));
        }
    }

    @Test
    void otherTokenizationsDoNotCount() {
        ToyRows all = new ToyRows(
                Map.of("task", "score", "k", "1000", "prune-threshold", "0"),
                Map.of("log_likelihood", new DoubleType()));

        assertThat(rows(false).of("cabab").getDouble(LOG_LIKELIHOOD))
                .isLessThan(all.of("cabab").getDouble(LOG_LIKELIHOOD) - 1e-3);
    }

    @Test
    void whatIsDeferredLiesBetweenTheTwoEnds() {
        ToyRows deferring = rows(true, "defer", "0.9");
        double widest = 0;
        for (char before = 'c'; before < 'h'; before++) {
            String text = before + "ab";
            RowData row = deferring.of(text);
            double lower = row.getDouble(LOG_LIKELIHOOD);
            double upper = row.getDouble(UPPER);
            assertThat(exact(text)).as(text).isBetween(lower - NATS, upper + NATS);
            widest = Math.max(widest, upper - lower);
        }
        assertThat(widest).isGreaterThan(0.01);
    }

    @Test
    void aTextWithoutBytesIsCertain() {
        for (boolean everyByte : List.of(false, true)) {
            RowData row = rows(everyByte).of("");
            assertThat(row.getDouble(LOG_LIKELIHOOD)).isZero();
            assertThat(row.getDouble(UPPER)).isZero();
            assertThat(row.isNullAt(BITS_PER_BYTE)).isTrue();
        }
    }

    @Test
    void aTextThatTheTokenizerWouldChangeHasNoResult() {
        assertThatThrownBy(() -> rows(false).of("cafe\u0301"))
                .isInstanceOf(NoResultException.class)
                .hasMessageContaining("the tokenizer would change byte 4 of 6 before it cuts the text (NFC)");
    }

    @Test
    void aModelThatDoesNotSayHowItsTokenizerWritesIsRefused() {
        OpenedModel silent = new OpenedModel(
                ToyService.answering().vocabulary(),
                Long.MAX_VALUE,
                () -> {
                    throw new NoCanonicalTokenizationsException("it does not say");
                },
                SessionDefaults.STANDARD);

        assertThatThrownBy(() -> CanonicalTextScoring.of(silent, CanonicalParams.exact(), false))
                .isInstanceOf(ValidationException.class)
                .hasMessage("option 'tokenizations' = 'canonical': it does not say");
    }
}
