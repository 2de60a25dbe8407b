package io.bytelm.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogModel;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a statement says is refused where it is planned, in one line that names the option or the column. */
class ModelOptionsTest {
    private static final DataType NUMBER = DataTypes.DOUBLE();

    private static ModelProvider plan(Map<String, String> options, DataType input, String output, DataType type) {
        Map<String, String> all = new HashMap<>(options);
        all.put("provider", "bytelm");
        ResolvedCatalogModel model = ResolvedCatalogModel.of(
                CatalogModel.of(Schema.derived(), Schema.derived(), all, ""),
                ResolvedSchema.of(Column.physical("content", input)),
                ResolvedSchema.of(Column.physical(output, type)));
        return FactoryUtil.createModelProvider(
                null,
                ObjectIdentifier.of("c", "d", "m"),
                model,
                new Configuration(),
                ModelOptionsTest.class.getClassLoader(),
                false);
    }

    private static Map<String, String> options(String... pairs) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return options;
    }

    private static Arguments score(String option, String value, String message) {
        return Arguments.of(options("task", "score", option, value), message);
    }

    private static Arguments decode(String option, String value, String message) {
        return Arguments.of(options("task", "decode", option, value), message);
    }

    static Stream<Arguments> refusedOptions() {
        return Stream.of(
                Arguments.of(options(), "task"),
                Arguments.of(options("task", "rhyme"), "option 'task' is one of score, next, decode, not 'rhyme'"),
                score("kk", "5", "Unsupported options:\n\nkk"),
                score("k", "five", "option 'k' cannot be read from 'five': "),
                score("k", "0", "option 'k' must be at least 1, got 0"),
                score("prune-threshold", "1", "'prune-threshold' must be at least 0 and less than 1, got 1.0"),
                score("eos", "2e,2", "'eos' has '2', which is not bytes in hex"),
                score("eos", "00ff00ff", "option 'eos' is refused: "),
                score("heal-max-backoff", "-1", "'heal-max-backoff' must be at least 0, got -1"),
                score("max-input-bytes", "0", "'max-input-bytes' must be at least 1, got 0"),
                score("model", "/nowhere", "option 'model': /nowhere"),
                score("model", " ", "'model' is empty; name a directory, or leave it out"),
                score("device", "tpu", "'device' is cpu, gpu0, gpu1, ..., not 'tpu'"),
                score("precision", "int4", "'precision' is one of float32, bfloat16, float16, int8, not 'int4'"),
                score(
                        "state-precision",
                        "float16",
                        "'state-precision' is one of float32, bfloat16, int8, not 'float16'"),
                score("max-context-size", "-5", "'max-context-size' must be at least 0, got -5"),
                score("cache-mb", "-1", "'cache-mb' must be from 0 to "),
                score("service", "here", "option 'service' with its certificates and token: not an address: 'here'"),
                score("service-tls", "true", "'service-tls' says how the services of 'service' are reached"),
                Arguments.of(
                        options("task", "score", "service", "127.0.0.1:1", "model", "/m"),
                        "'model' is decided where bytelm serve was started"),
                score("timeout", "0 ms", "'timeout' must be from "),
                score("timeout", "soon", "option 'timeout' cannot be read from 'soon'"),
                score("retry-num", "-1", "'retry-num' must be from 0 to "),
                score("error-handling-strategy", "pray", "is one of retry, failover, ignore, not 'pray'"),
                score("retry-fallback-strategy", "retry", "is one of failover, ignore, not 'retry'"),
                Arguments.of(
                        options("task", "score", "error-handling-strategy", "ignore", "retry-num", "3"),
                        "'retry-num' is for 'error-handling-strategy' = 'retry'"),
                score("context-overflow-action", "weep", "is one of truncated-head, skipped, not 'weep'"),
                score("top", "3", "'top' is for 'task' = 'next'"),
                score("regex", "a", "'regex' is for 'task' = 'decode'"),
                score("temperature", "1", "'temperature' is for 'task' = 'decode'"),
                Arguments.of(
                        options("task", "next", "tokenizations", "canonical", "prune-threshold", "0"),
                        "'prune-threshold' is for the beam over all tokenizations"),
                decode("defer", "0.1", "'defer' is for 'tokenizations' = 'canonical'"),
                score("tokenizations", "some", "'tokenizations' is one of all, canonical, not 'some'"),
                score("defer", "0.1", "'defer' is for 'tokenizations' = 'canonical'"),
                Arguments.of(
                        options("task", "score", "tokenizations", "canonical", "defer", "0.1"),
                        "'defer' is for scores of every byte (column 'surprisal_bits')"),
                Arguments.of(
                        options("task", "score", "tokenizations", "canonical", "k", "7"),
                        "'k' is for the beam over all tokenizations"),
                Arguments.of(options("task", "next", "top", "259"), "'top' must be from 1 to 258, got 259"),
                decode("regex", "(", "option 'regex' is refused: "),
                decode("choices", "yes,no", "option 'choices' is refused: the choices are not JSON"),
                decode("json-schema", "{\"type\": \"none\"}", "option 'json-schema' is refused: "),
                decode("grammar", "x", "option 'grammar' is refused: "),
                decode("whitespace", "true", "'whitespace' is for 'json' and 'json-schema'"),
                Arguments.of(
                        options("task", "decode", "regex", "a", "whitespace-max", "4"),
                        "'whitespace-max' is for 'json' and 'json-schema'"),
                Arguments.of(
                        options("task", "decode", "constraint", "{\"kind\": \"json\"}", "whitespace", "true"),
                        "'whitespace' does not go with 'constraint': write \"whitespace\" in it"),
                Arguments.of(
                        options("task", "decode", "json", "true", "whitespace", "true", "whitespace-max", "4"),
                        "'whitespace' is a rule of its own: leave it out, or 'whitespace-max' and"),
                Arguments.of(
                        options("task", "decode", "json", "true", "whitespace-max", "1001"),
                        "'whitespace-max' must be from 0 to 1000, got 1001"),
                Arguments.of(
                        options("task", "decode", "json", "true", "whitespace-pattern", "x*"),
                        "'json' is refused: the pattern of \"whitespace\" matches more than spaces"),
                decode("constraint", "{\"kind\": \"sonnet\"}", "option 'constraint' is refused: "),
                Arguments.of(
                        options("task", "decode", "constraint", "\"a\"", "regex", "a"),
                        "'constraint' and 'regex' are two constraints; give one of them"),
                Arguments.of(
                        options("task", "decode", "json", "true", "regex", "a"),
                        "'json' and 'regex' are two constraints; give one of them"),
                decode("temperature", "-1", "'temperature' must be from 0.0 to "),
                decode("top-p", "0", "'top-p' must be more than 0 and at most 1"),
                decode("min-p", "2", "'min-p' must be from 0.0 to 1.0, got 2.0"),
                decode("top-k", "-1", "'top-k' must be at least 0, got -1"),
                decode("stop", "a,,b", "'stop' has an empty text"),
                decode("max-bytes", "0", "'max-bytes' must be from 1 to 65536, got 0"),
                decode("particles", "1001", "'particles' must be from 1 to 1000, got 1001"),
                Arguments.of(
                        options("task", "decode", "max-bytes", "2", "regex", "abc"), "'max-bytes' is too small: "));
    }

    @ParameterizedTest
    @MethodSource("refusedOptions")
    void aBadOptionIsRefusedByName(Map<String, String> options, String message) {
        assertThatThrownBy(() -> plan(options, DataTypes.STRING(), "log_likelihood", NUMBER))
                .isInstanceOf(ValidationException.class)
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains(message));
    }

    static Stream<Arguments> refusedColumns() {
        return Stream.of(
                Arguments.of(
                        DataTypes.STRING(),
                        "loglik",
                        NUMBER,
                        "output column 'loglik' is none of the columns of task 'score': log_likelihood DOUBLE, bits_per_byte"
                                + " DOUBLE, byte_count BIGINT | INT, skipped_bytes BIGINT | INT, surprisal_bits ARRAY<DOUBLE>, truncated BOOLEAN,"
                                + " error STRING"),
                Arguments.of(
                        DataTypes.STRING(),
                        "log_likelihood_upper",
                        NUMBER,
                        "'log_likelihood_upper' is none of the columns of task 'score': "),
                Arguments.of(
                        DataTypes.STRING(), "bits_per_byte", DataTypes.FLOAT(), "'bits_per_byte' is of type FLOAT"),
                Arguments.of(
                        DataTypes.STRING(), "truncated", DataTypes.BOOLEAN().notNull(), "'truncated' is NOT NULL"),
                Arguments.of(DataTypes.INT(), "error", DataTypes.STRING(), "input column 'content' is of type INT"));
    }

    @ParameterizedTest
    @MethodSource("refusedColumns")
    void aBadColumnIsRefusedWithTheListOfThoseThatThereAre(
            DataType input, String output, DataType type, String message) {
        assertThatThrownBy(() -> plan(options("task", "score"), input, output, type))
                .satisfies(
                        thrown -> assertThat(ExceptionUtils.getRootCause(thrown).getMessage())
                                .contains(message));
    }

    @Test
    void theFieldsOfTheListedSymbolsAreChosenByNameToo() {
        DataType unknown = DataTypes.ARRAY(DataTypes.ROW(DataTypes.FIELD("rank", DataTypes.INT())));

        assertThatThrownBy(() -> plan(options("task", "next"), DataTypes.BYTES(), "next_bytes", unknown))
                .satisfies(thrown -> assertThat(
                                ExceptionUtils.getRootCause(thrown).getMessage())
                        .contains("'rank' is none of the columns of column 'next_bytes': byte INT, text STRING"));
    }

    @Test
    void canonicalTokenizationsHaveTwoEnds() {
        Map<String, String> canonical = options("task", "score", "tokenizations", "canonical");

        assertThat(plan(canonical, DataTypes.STRING(), "log_likelihood_upper", NUMBER))
                .isInstanceOf(AsyncPredictRuntimeProvider.class);
    }

    @Test
    void everyOptionIsKnownToFlinkOnce() {
        BytelmModelProviderFactory factory = new BytelmModelProviderFactory();

        assertThat(factory.optionalOptions()).hasSize(53);
        assertThat(factory.optionalOptions()).doesNotContainAnyElementsOf(factory.requiredOptions());
    }
}
