package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnClassesTest {
    /** As in the jar that is submitted: what was built for Kafka's published names fits nothing. */
    private static final KafkaClasses RELOCATED = new KafkaClasses("org.apache.kafka", "io.bytelm.shaded.kafka");

    private static final KafkaClasses IN_PLACE = new KafkaClasses("org.apache.kafka", "org.apache.kafka");

    /** A class of a user, built for the published names. */
    public static final class OwnPartitioner extends RoundRobinPartitioner {}

    @AfterEach
    void forgetTheJaasConfiguration() {
        Configuration.setConfiguration(null);
    }

    @Test
    void aClassForThePublishedNamesIsRefusedWhereKafkaHasOthers() {
        Map<String, String> settings = Map.of("partitioner.class", OwnPartitioner.class.getName());

        assertThatThrownBy(() -> check(RELOCATED, settings))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--kafka partitioner.class names " + OwnPartitioner.class.getName())
                .hasMessageContaining("io.bytelm.shaded.kafka")
                .hasMessageContaining("flink run --classpath")
                .hasMessageContaining("bytelm.jar");
        assertThatCode(() -> check(IN_PLACE, settings)).doesNotThrowAnyException();
    }

    @Test
    void soIsOneThatCannotEvenBeLinked() {
        ClassLoader failing = new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) {
                throw new NoClassDefFoundError("org/apache/kafka/clients/producer/ProducerInterceptor");
            }
        };

        assertThatThrownBy(() -> new OwnClasses(RELOCATED, failing)
                        .requireUsable(Map.of("interceptor.classes", "io.bytelm.shaded.kafka.A, com.example.Own")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("com.example.Own");
    }

    @Test
    void aClassThatWasBuiltForTheNamesHereIsTaken() {
        KafkaClasses elsewhere = new KafkaClasses("published.kafka", "org.apache.kafka");

        assertThatCode(() -> check(elsewhere, Map.of("partitioner.class", OwnPartitioner.class.getName())))
                .doesNotThrowAnyException();
    }

    @Test
    void oneThatIsNotThereIsLeftToKafka() {
        assertThatCode(() -> check(RELOCATED, Map.of("metric.reporters", "com.example.Absent")))
                .doesNotThrowAnyException();
    }

    @Test
    void aJaasFileThatNamesKafkasOwnModuleIsRefusedWithWhatToWrite() {
        useJaas("org.apache.kafka.common.security.plain.PlainLoginModule");

        assertThatThrownBy(() -> check(RELOCATED, Map.of("security.protocol", "SASL_SSL")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("it is called io.bytelm.shaded.kafka.common.security.plain.PlainLoginModule")
                .hasMessageContaining("--kafka sasl.jaas.config=");
        assertThatCode(() -> check(IN_PLACE, Map.of("security.protocol", "SASL_SSL")))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        check(RELOCATED, Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "x required;")))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(RELOCATED, Map.of("security.protocol", "SSL")))
                .doesNotThrowAnyException();
    }

    @Test
    void aJaasFileWithAnyoneElsesModuleIsTaken() {
        useJaas("com.sun.security.auth.module.Krb5LoginModule");

        assertThatCode(() -> check(RELOCATED, Map.of("security.protocol", "SASL_SSL")))
                .doesNotThrowAnyException();
    }

    private static void check(KafkaClasses kafka, Map<String, String> settings) {
        new OwnClasses(kafka, OwnClassesTest.class.getClassLoader()).requireUsable(settings);
    }

    private static void useJaas(String module) {
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(module, LoginModuleControlFlag.REQUIRED, Map.of())
                };
            }
        });
    }
}
