package io.bytelm.job.kafka;

import io.bytelm.job.UserException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classes of users among the settings of Kafka's clients. They were built for Kafka's published names, and cannot be used
 * where Kafka has other ones: said before a client fails with something that nobody understands.
 */
final class OwnClasses {
    private static final Logger LOG = LoggerFactory.getLogger(OwnClasses.class);
    private static final String JAAS_FILE = "java.security.auth.login.config";
    private static final String JAAS_CONTEXT = "KafkaClient";

    private final KafkaClasses kafka;
    private final ClassLoader loader;

    OwnClasses(KafkaClasses kafka, ClassLoader loader) {
        this.kafka = kafka;
        this.loader = loader;
    }

    /**
     * @param settings as {@link KafkaClasses#located} returns them
     * @throws UserException if one names a class that Kafka's clients cannot use here
     */
    void requireUsable(Map<String, String> settings) {
        if (!kafka.areRelocated()) {
            return;
        }
        settings.forEach((name, value) -> {
            if (KafkaClasses.isClassSetting(name)) {
                KafkaClasses.classNames(value)
                        .filter(type -> !type.isEmpty() && !kafka.isHere(type) && !isForKafkaHere(type))
                        .forEach(type -> refuse(name, type));
            }
        });
        requireUsableLogin(settings);
    }

    /** Also where it is not found: Kafka says that better than we would. */
    private boolean isForKafkaHere(String name) {
        try {
            return hasTypeOfKafka(Class.forName(name, false, loader));
        } catch (ClassNotFoundException e) {
            LOG.debug("No class {} here", name, e);
            return true;
        } catch (LinkageError e) {
            LOG.debug("Class {} was built for another Kafka", name, e);
            return false;
        }
    }

    private boolean hasTypeOfKafka(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        for (Class<?> implemented : type.getInterfaces()) {
            if (hasTypeOfKafka(implemented)) {
                return true;
            }
        }
        return kafka.isHere(type.getName()) || hasTypeOfKafka(type.getSuperclass());
    }

    private void refuse(String setting, String type) {
        throw new UserException("--kafka " + setting + " names " + type + ", which was built for " + kafka.published()
                + "; in bytelm-job.jar Kafka's classes are in " + kafka.here() + ": rename that package in its jar"
                + " (a relocation of maven-shade-plugin), and submit with flink run --classpath URL-OF-THAT-JAR; or run"
                + " it with bytelm.jar, where Kafka's classes keep their names");
    }

    /** A JAAS file is the JVM's, for all jobs, and nobody but the login reads it. */
    private void requireUsableLogin(Map<String, String> settings) {
        String protocol = settings.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "");
        if (!protocol.toUpperCase(Locale.ROOT).startsWith("SASL")
                || settings.containsKey(SaslConfigs.SASL_JAAS_CONFIG)) {
            return;
        }
        for (AppConfigurationEntry entry : entriesOfTheJvm()) {
            String module = entry.getLoginModuleName();
            if (kafka.isPublished(module)) {
                String here = kafka.here() + module.substring(kafka.published().length());
                throw new UserException("the JAAS file "
                        + Objects.requireNonNullElse(System.getProperty(JAAS_FILE), "of this JVM") + " names " + module
                        + " for " + JAAS_CONTEXT + "; in bytelm-job.jar it is called " + here + ": write that there, or"
                        + " give the entry as --kafka sasl.jaas.config='" + module + " required ...;', where either"
                        + " name will do");
            }
        }
    }

    private static AppConfigurationEntry[] entriesOfTheJvm() {
        try {
            AppConfigurationEntry[] entries = Configuration.getConfiguration().getAppConfigurationEntry(JAAS_CONTEXT);
            return entries == null ? new AppConfigurationEntry[0] : entries;
        } catch (SecurityException e) {
            LOG.debug("This JVM has no JAAS configuration", e);
            return new AppConfigurationEntry[0];
        }
    }
}
