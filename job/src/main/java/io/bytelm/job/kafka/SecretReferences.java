package io.bytelm.job.kafka;

import io.bytelm.job.UserException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Settings whose values lie elsewhere: {@code ${env:NAME}}, {@code ${file:PATH:KEY}}, {@code ${directory:PATH:FILE}}. Kafka's
 * clients read them where they start, so that a job's description never holds a secret; they have to be told which class
 * reads which.
 */
final class SecretReferences {
    private static final Map<String, Class<?>> PROVIDERS = new TreeMap<>(Map.of(
            "env", EnvVarConfigProvider.class,
            "file", FileConfigProvider.class,
            "directory", DirectoryConfigProvider.class));
    private static final Pattern OF_ENVIRONMENT = Pattern.compile("\\$\\{env:([^}]*)}");

    private SecretReferences() {}

    /** The settings, and who reads what they refer to where they do not say so themselves. */
    static Map<String, String> withProviders(Map<String, String> settings) {
        Map<String, String> complete = new LinkedHashMap<>(settings);
        PROVIDERS.forEach((provider, type) -> {
            if (settings.values().stream().anyMatch(value -> value.contains("${" + provider + ":"))) {
                complete.merge(AbstractConfig.CONFIG_PROVIDERS_CONFIG, provider, SecretReferences::withProvider);
                complete.putIfAbsent(
                        AbstractConfig.CONFIG_PROVIDERS_CONFIG + "." + provider + ".class", type.getName());
            }
        });
        return complete;
    }

    private static String withProvider(String listed, String provider) {
        Set<String> all = new LinkedHashSet<>(KafkaClasses.classNames(listed).toList());
        all.add(provider);
        return String.join(",", all);
    }

    /**
     * Kafka takes the reference itself for the value where there is no such variable.
     *
     * @param environment of this process
     * @throws UserException if a variable is not set
     */
    static void requireVariables(Map<String, String> settings, Map<String, String> environment) {
        settings.forEach((setting, value) -> {
            Matcher references = OF_ENVIRONMENT.matcher(value);
            while (references.find()) {
                if (!environment.containsKey(references.group(1))) {
                    throw new UserException("--kafka " + setting + " refers to ${env:" + references.group(1)
                            + "}, but there is no such environment variable here; the submitting process, JobManager and"
                            + " TaskManagers each need it");
                }
            }
        });
    }
}
