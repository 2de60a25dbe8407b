package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.dist.NextByteDistribution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

/** What comes after a text, and is written after it, over the tokenizations alone that the tokenizer writes. */
class CanonicalReadingTest {
    private static final List<String> TEXTS = List.of("ab", "cabab", "d", "a");
    private static final double NATS = 1e-9;

    private static ToyRows rows(Map<String, LogicalType> columns, String... options) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("tokenizations", "canonical"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return new ToyRows(all, columns);
    }

    private static ToyRows next() {
        Map<String, LogicalType> columns = new LinkedHashMap<>();
        columns.put("next_bytes", new MapType(new IntType(), new DoubleType()));
        columns.put("log_likelihood", new DoubleType());
        return rows(columns, "task", "next", "top", "3");
    }

    private static ToyRows decoded(String... options) {
        Map<String, LogicalType> columns = new LinkedHashMap<>();
        columns.put("output", VarCharType.STRING_TYPE);
        columns.put("log_likelihood", new DoubleType());
        columns.put("log_likelihood_upper", new DoubleType());
        columns.put("complete", new BooleanType());
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "task";
        all[1] = "decode";
        all[2] = "regex";
        all[3] = "[ab]{3}c?";
        return rows(columns, all);
    }

    /** Read by a tree that defers nothing, byte after byte. */
    private static CanonicalTree exact(String text) {
        ToyService service = ToyService.answering();
        return CanonicalTree.initial(service.canonicalRules(), CanonicalParams.exact(), EosMode.WITH_EOS)
                .read(text.getBytes(UTF_8))
                .run(new ServiceAnswers(service));
    }

    @Test
    void whatComesNextIsThatOverCanonicalTokenizations() {
        for (String text : TEXTS) {
            CanonicalTree read = exact(text);
            NextByteDistribution expected = read.predict()
                    .run(new ServiceAnswers(ToyService.answering()))
                    .next();
            RowData row = next().of(text);
            assertThat(row.getMap(0).size()).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                int symbol = row.getMap(0).keyArray().getInt(i);
                assertThat(row.getMap(0).valueArray().getDouble(i))
                        .as(text)
                        .isCloseTo(expected.logProb(symbol), within(NATS));
            }
            assertThat(row.getDouble(1)).isCloseTo(read.logProb().logLower(), within(NATS));
        }
    }

    @Test
    void whatIsWrittenSatisfiesTheConstraintAndHasItsProbability() {
        for (String text : TEXTS) {
            RowData row = decoded("seed", "3").of(text);
            String output = row.getString(0).toString();
            assertThat(output).matches("[ab]{3}c?");
            assertThat(row.getBoolean(3)).isTrue();
            assertThat(row.getDouble(2)).isEqualTo(row.getDouble(1));
            RowData deferred = decoded("seed", "3", "defer", "0.5").of(text);
            assertThat(deferred.getString(0).toString()).matches("[ab]{3}c?");
            assertThat(deferred.getDouble(2)).isGreaterThanOrEqualTo(deferred.getDouble(1));
        }
    }

    @Test
    void aTextThatTheTokenizerWouldChangeHasNoResult() {
        for (ToyRows rows : List.of(next(), decoded())) {
            assertThatThrownBy(() -> rows.of("cafe\u0301"))
                    .isInstanceOf(NoResultException.class)
                    .hasMessageContaining("the tokenizer would change byte 4 of 6 before it cuts the text (NFC)");
        }
    }
}
