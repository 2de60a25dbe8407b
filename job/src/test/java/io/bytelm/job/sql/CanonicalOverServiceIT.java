package io.bytelm.job.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.serve.ServiceProcess;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.grpc.ServerSecurity;
import io.bytelm.service.grpc.ServerSettings;
import io.bytelm.service.grpc.ServiceAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Canonical tokenizations in SQL: a service of its own says how its tokenizer writes texts. */
class CanonicalOverServiceIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final double NATS = 1e-4;

    private static String model(String name, String options) {
        return "CREATE MODEL " + name + " INPUT (content STRING) OUTPUT (log_likelihood DOUBLE, log_likelihood_upper"
                + " DOUBLE, skipped_bytes INT) WITH ('provider' = 'bytelm', 'task' = 'score', 'tokenizations' ="
                + " 'canonical', 'on-dead-end' = 'restart'" + options + ")";
    }

    @Test
    void aServiceGivesTheNumbersOfAModelInTheTask() throws Exception {
        ModelSettings model = new ModelSettings(
                null, new EngineSettings("cpu", 1, 0, 0, 64L << 20, Precision.FLOAT32), ServiceSettings.defaults());
        ServerSettings server = new ServerSettings(
                new ServiceAddress("127.0.0.1", 0), ServerSecurity.NONE, false, false, Duration.ofSeconds(5));
        SqlSession sql = new SqlSession();
        try (ServiceProcess service = ServiceProcess.start(model, server, null)) {
            sql.execute(model("embedded", ""));
            sql.execute(model("remote", ", 'service' = '" + service.address() + "'"));
            sql.execute("CREATE TEMPORARY VIEW texts AS SELECT * FROM (VALUES (1, 'It was dark.'), (2, 'no one')) AS"
                    + " t (id, content)");
            String scores =
                    "SELECT id, log_likelihood, log_likelihood_upper, skipped_bytes FROM ML_PREDICT(TABLE texts,"
                            + " MODEL %s, DESCRIPTOR(content))";
            Map<Object, Row> here = sql.rowsBy("id", scores.formatted("embedded"));
            Map<Object, Row> there = sql.rowsBy("id", scores.formatted("remote"));

            assertThat(there).hasSize(2).containsOnlyKeys(here.keySet());
            there.forEach((id, row) -> {
                double expected = (Double) Objects.requireNonNull(here.get(id)).getFieldAs("log_likelihood");
                assertThat((Double) row.getFieldAs("log_likelihood"))
                        .isNegative()
                        .isCloseTo(expected, within(NATS));
                assertThat((Double) row.getFieldAs("log_likelihood_upper")).isCloseTo(expected, within(NATS));
                assertThat((Integer) row.getFieldAs("skipped_bytes")).isZero();
            });
        }
        sql.requireNoThreads();
    }
}
