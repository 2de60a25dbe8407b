package io.bytelm.job.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

class KafkaClassesTest {
    private static final KafkaClasses RENAMED = new KafkaClasses("org.apache.kafka", "shaded.kafka");

    @Test
    void whereNothingIsRelocatedNothingChanges() {
        KafkaClasses here = KafkaClasses.ofThisProgram();

        assertThat(here).isEqualTo(new KafkaClasses("org.apache.kafka", "org.apache.kafka"));
        assertThat(here.areRelocated()).isFalse();
    }

    @Test
    void aClassIsNamedAsItIsHere() {
        assertThat(located("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner"))
                .isEqualTo("shaded.kafka.clients.producer.RoundRobinPartitioner");
        assertThat(located(
                        "config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider"))
                .isEqualTo("shaded.kafka.common.config.provider.EnvVarConfigProvider");
    }

    @Test
    void ofAListEachClassIs() {
        assertThat(located("metric.reporters", "org.apache.kafka.common.metrics.JmxReporter , com.example.Reporter"))
                .isEqualTo("shaded.kafka.common.metrics.JmxReporter,com.example.Reporter");
    }

    @Test
    void whatIsNoClassStaysAsItIs() {
        assertThat(located("ssl.keystore.password", "org.apache.kafka.secret")).isEqualTo("org.apache.kafka.secret");
        assertThat(located("partitioner.class", "org.apache.kafkaesque.Partitioner"))
                .isEqualTo("org.apache.kafkaesque.Partitioner");
    }

    @Test
    void ofALoginOnlyTheModuleIs() {
        String given = "org.apache.kafka.common.security.plain.PlainLoginModule required\n"
                + "  username=\"org.apache.kafka.x\" password=\"a; org.apache.kafka.\\\"b\\\" $1\";";

        assertThat(located("sasl.jaas.config", given))
                .isEqualTo("shaded.kafka" + given.substring("org.apache.kafka".length()));
    }

    @Test
    void ofSeveralLoginsEachModuleIs() {
        assertThat(located(
                        "sasl.jaas.config",
                        "// org.apache.kafka.a\n 'org.apache.kafka.B' optional x=org.apache.kafka.c; /* ; */"
                                + " org.apache.kafka.D required;  "))
                .isEqualTo("// org.apache.kafka.a\n 'shaded.kafka.B' optional x=org.apache.kafka.c; /* ; */"
                        + " shaded.kafka.D required;  ");
    }

    @Test
    void doingItTwiceChangesNothing() {
        Map<String, String> once = RENAMED.located(Map.of(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=u password=p;",
                "interceptor.classes",
                "org.apache.kafka.A,org.apache.kafka.B"));

        assertThat(RENAMED.located(once)).isEqualTo(once);
    }

    @Test
    void everySettingWhoseDefaultIsAClassOfKafkaIsKnownToNameClasses() {
        assertThat(Stream.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
                        .flatMap(definition -> definition.configKeys().values().stream())
                        .filter(key -> key.type == ConfigDef.Type.CLASS
                                || String.valueOf(key.defaultValue).contains("org.apache.kafka."))
                        .map(key -> key.name))
                .isNotEmpty()
                .allMatch(KafkaClasses::isClassSetting)
                .contains("sasl.login.callback.handler.class", "sasl.client.callback.handler.class")
                .contains("ssl.engine.factory.class", "sasl.login.class", "partition.assignment.strategy");
    }

    private static String located(String setting, String value) {
        return requireNonNull(RENAMED.located(Map.of(setting, value)).get(setting));
    }
}
