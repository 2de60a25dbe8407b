package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Prediction;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.Draft;
import io.bytelm.decode.Sampler;
import io.bytelm.dist.SymbolLogProb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements of a user, through Flink's planner, on the bundled model; numbers are those of the beam without SQL. */
class ModelProviderIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final Path SCRIPT = Path.of("..", "configs", "predict.sql");
    private static final double NATS = 1e-4;
    private static final double BITS = NATS / Math.log(2);
    private static final double ROUNDED = 6e-4;

    private static DirectBeam beam;

    private SqlSession sql;

    @BeforeAll
    static void openModel() {
        beam = new DirectBeam();
    }

    @AfterAll
    static void closeModel() {
        beam.close();
    }

    @BeforeEach
    void begin() {
        sql = new SqlSession();
    }

    @AfterEach
    void noThreadOutlivesItsJob() throws InterruptedException {
        sql.requireNoThreads();
    }

    private static Row at(Map<Object, Row> rows, Object key) {
        return Objects.requireNonNull(rows.get(key));
    }

    private static double number(Row row, String column) {
        return (Double) row.getFieldAs(column);
    }

    @Test
    void theScriptThatComesWithTheProgramGivesWhatTheBeamGives() throws Exception {
        List<List<Row>> results = sql.run(shortened(Files.readString(SCRIPT)));

        assertThat(results).hasSize(3);
        assertThat(results.get(0)).hasSize(3).allSatisfy(row -> {
            String content = List.of("It was a dark and stormy night.", "It was a dork and starmy niqht.", "")
                    .get((Integer) row.getFieldAs("id") - 1);
            if (content.isEmpty()) {
                assertThat((Object) row.getField("log_likelihood")).isNull();
                assertThat((Object) row.getField("byte_count")).isNull();
            } else {
                double expected = beam.logLikelihoods(content.getBytes(UTF_8), 0.01)[content.length()];
                assertThat(number(row, "log_likelihood")).isCloseTo(expected, within(ROUNDED));
                assertThat((Long) row.getFieldAs("byte_count")).isEqualTo(content.length());
            }
        });
        assertThat(results.get(1)).hasSize(6);
        List<String> outputs = results.get(2).stream()
                .map(row -> (String) row.getFieldAs("output"))
                .toList();
        assertThat(outputs).hasSize(2).allMatch(output -> output.matches("\\{\"animal\":\"(dog|cat|horse)\"}"));
    }

    private static String shortened(String script) {
        String shortened = script.replace("'number-of-rows' = '500'", "'number-of-rows' = '5'");
        assertThat(shortened).isNotEqualTo(script);
        return shortened;
    }

    @Test
    void bytesAndCharactersAreScoredAlikeAndNullGivesNull() throws Exception {
        String columns =
                "OUTPUT (log_likelihood DOUBLE, bits_per_byte DOUBLE, byte_count INT, surprisal_bits ARRAY<DOUBLE>,"
                        + " truncated BOOLEAN, error STRING) WITH ('provider' = 'bytelm', 'task' = 'score', 'max-input-bytes' = '40')";
        sql.execute("CREATE MODEL of_bytes INPUT (b BYTES) " + columns);
        sql.execute("CREATE MODEL of_text INPUT (t STRING) " + columns);
        sql.execute(
                "CREATE TEMPORARY VIEW some_bytes AS SELECT * FROM (VALUES (1, x'4361f1e9ff'), (2, x'43616665CC81'),"
                        + " (3, CAST(NULL AS BYTES)), (4, x'')) AS t (id, b)");
        sql.execute("CREATE TEMPORARY VIEW some_texts AS SELECT * FROM (VALUES (2, U&'Cafe\\0301'), (3, CAST(NULL AS"
                + " STRING)), (4, ''), (5, '" + "far too long ".repeat(4) + "')) AS t (id, t)");

        String scores = ", log_likelihood, bits_per_byte, byte_count, surprisal_bits, truncated, error FROM ML_PREDICT";
        Map<Object, Row> rows = sql.rowsBy(
                "name",
                "SELECT 'bytes ' || CAST(id AS STRING) AS name" + scores
                        + "(TABLE some_bytes, MODEL of_bytes, DESCRIPTOR(b)) UNION ALL"
                        + " SELECT 'text ' || CAST(id AS STRING) AS name" + scores
                        + "(TABLE some_texts, MODEL of_text, DESCRIPTOR(t))");

        assertThat(rows).hasSize(8);
        sameAsTheBeam(at(rows, "bytes 1"), new byte[] {0x43, 0x61, (byte) 0xf1, (byte) 0xe9, (byte) 0xff});
        sameAsTheBeam(at(rows, "bytes 2"), "Cafe\u0301".getBytes(UTF_8));
        sameAsTheBeam(at(rows, "text 2"), "Cafe\u0301".getBytes(UTF_8));
        for (Row nothing : List.of(at(rows, "bytes 3"), at(rows, "text 3"))) {
            assertThat(List.of("log_likelihood", "bits_per_byte", "byte_count", "surprisal_bits", "truncated", "error"))
                    .allSatisfy(column ->
                            assertThat((Object) nothing.getField(column)).isNull());
        }
        for (Row empty : List.of(at(rows, "bytes 4"), at(rows, "text 4"))) {
            assertThat(number(empty, "log_likelihood")).isZero();
            assertThat((Object) empty.getField("bits_per_byte")).isNull();
            assertThat((Integer) empty.getFieldAs("byte_count")).isZero();
        }
        assertThat((Object) at(rows, "text 5").getField("log_likelihood")).isNull();
        assertThat((String) at(rows, "text 5").getFieldAs("error"))
                .isEqualTo("the text has 52 bytes, more than 'max-input-bytes' = 40");
    }

    private static void sameAsTheBeam(Row row, byte[] text) {
        double[] logLikelihoods = beam.logLikelihoods(text, 0.001);
        double last = logLikelihoods[text.length];
        assertThat(number(row, "log_likelihood")).isCloseTo(last, within(NATS));
        assertThat(number(row, "bits_per_byte")).isCloseTo(-last / text.length / Math.log(2), within(BITS));
        assertThat((Integer) row.getFieldAs("byte_count")).isEqualTo(text.length);
        assertThat((Boolean) row.getFieldAs("truncated")).isFalse();
        assertThat((Object) row.getField("error")).isNull();
        Double[] surprisals = row.getFieldAs("surprisal_bits");
        assertThat(surprisals).hasSize(text.length);
        for (int at = 0; at < text.length; at++) {
            double expected = (logLikelihoods[at] - logLikelihoods[at + 1]) / Math.log(2);
            assertThat(surprisals[at]).as("byte %d", at).isCloseTo(expected, within(BITS));
        }
    }

    @Test
    void theNextBytesAreThoseOfTheBeamAsRowsAndAsAMap() throws Exception {
        sql.execute("CREATE MODEL as_rows INPUT (t STRING) OUTPUT (next_bytes ARRAY<ROW<logprob DOUBLE, symbol STRING,"
                + " byte INT, text STRING>>, entropy_bits DOUBLE, log_likelihood DOUBLE)"
                + " WITH ('provider' = 'bytelm', 'task' = 'next', 'top' = '5', 'prune-threshold' = '0.001')");
        sql.execute("CREATE MODEL as_map INPUT (t STRING) OUTPUT (next_bytes MAP<INT, DOUBLE>)"
                + " WITH ('provider' = 'bytelm', 'task' = 'next', 'top' = '5', 'prune-threshold' = '0.001')");
        sql.execute("CREATE TEMPORARY VIEW prefixes AS SELECT * FROM (VALUES ('She said'), ('Holmes w')) AS p (t)");
        sql.execute("CREATE TEMPORARY VIEW as_listed AS SELECT t, next_bytes AS listed, entropy_bits, log_likelihood"
                + " FROM ML_PREDICT(TABLE prefixes, MODEL as_rows, DESCRIPTOR(t))");

        List<Row> rows = sql.rows("SELECT * FROM ML_PREDICT(TABLE as_listed, MODEL as_map, DESCRIPTOR(t))");

        assertThat(rows).hasSize(2);
        for (Row row : rows) {
            String prefix = row.getFieldAs("t");
            Prediction expected = beam.next(prefix.getBytes(UTF_8), 0.001);
            List<SymbolLogProb> top = expected.next().top(5);
            Row[] listed = row.getFieldAs("listed");
            Map<Integer, Double> mapped = row.getFieldAs("next_bytes");
            assertThat(listed).hasSize(5);
            assertThat(mapped).hasSize(5);
            for (int rank = 0; rank < 5; rank++) {
                int symbol = top.get(rank).symbol();
                assertThat((Integer) listed[rank].getFieldAs("byte")).isEqualTo(symbol);
                assertThat((String) listed[rank].getFieldAs("text")).isEqualTo(String.valueOf((char) symbol));
                assertThat(number(listed[rank], "logprob"))
                        .isCloseTo(top.get(rank).logProb(), within(NATS));
                assertThat(mapped.get(symbol)).isCloseTo(top.get(rank).logProb(), within(NATS));
            }
            assertThat(number(row, "log_likelihood")).isCloseTo(expected.beam().logZ(), within(NATS));
            assertThat(number(row, "entropy_bits")).isCloseTo(expected.next().entropy() / Math.log(2), within(BITS));
        }
    }

    @Test
    void outputsAreThoseThatAreDrawnWithoutSqlAndSatisfyTheConstraint() throws Exception {
        String regex = "(black|grey|blue) (sky|sea)";
        sql.execute(
                "CREATE MODEL drawn INPUT (t STRING) OUTPUT (output BYTES, log_weight DOUBLE, log_likelihood DOUBLE,"
                        + " complete BOOLEAN, reason STRING, byte_count BIGINT, ess DOUBLE) WITH ('provider' = 'bytelm',"
                        + " 'task' = 'decode', 'regex' = '" + regex + "', 'seed' = '7', 'max-bytes' = '20')");
        sql.execute("CREATE TEMPORARY VIEW prompts AS SELECT * FROM (VALUES ('Above us was the '), ('Look at the '))"
                + " AS p (t)");

        List<Row> rows = sql.rows("SELECT * FROM ML_PREDICT(TABLE prompts, MODEL drawn, DESCRIPTOR(t))");

        assertThat(rows).hasSize(2);
        for (Row row : rows) {
            Draft expected = beam.decode(
                    ((String) row.getFieldAs("t")).getBytes(UTF_8),
                    ConstraintSource.of(ConstraintKind.REGEX, regex),
                    new Sampler(1, 0, 1, 0, 7),
                    20);
            byte[] output = row.getFieldAs("output");
            assertThat(new String(output, UTF_8)).matches(regex);
            assertThat(Arrays.equals(output, expected.bytes())).isTrue();
            assertThat(number(row, "log_weight")).isCloseTo(expected.logWeight(), within(1e-3));
            assertThat(number(row, "log_likelihood")).isCloseTo(expected.logLikelihood(), within(1e-3));
            assertThat((Boolean) row.getFieldAs("complete")).isTrue();
            assertThat((Long) row.getFieldAs("byte_count")).isEqualTo(output.length);
            assertThat(number(row, "ess")).isEqualTo(1);
        }
    }

    @Test
    void whatIsRefusedIsToldInnermostAsTheSqlClientShowsIt() throws IOException {
        sql.execute("CREATE MODEL wide INPUT (t STRING) OUTPUT (log_likelihood DOUBLE)"
                + " WITH ('provider' = 'bytelm', 'task' = 'score', 'k' = '0')");
        sql.execute("CREATE TEMPORARY VIEW texts AS SELECT 'a' AS t");

        assertThatThrownBy(() -> sql.execute("SELECT * FROM ML_PREDICT(TABLE texts, MODEL wide, DESCRIPTOR(t))"))
                .satisfies(thrown -> assertThat(ExceptionUtils.getRootCause(thrown))
                        .hasMessage("option 'k' must be at least 1, got 0"));
    }
}
