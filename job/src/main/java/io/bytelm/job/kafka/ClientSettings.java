package io.bytelm.job.kafka;

import java.util.Map;
import java.util.Objects;

/** The settings that users give for all of Kafka's clients. */
final class ClientSettings {
    private ClientSettings() {}

    /** As clients here understand them. Doing it twice changes nothing. */
    static Map<String, String> understoodHere(Map<String, String> given) {
        return Map.copyOf(
                SecretReferences.withProviders(KafkaClasses.ofThisProgram().located(given)));
    }

    /** @throws io.bytelm.job.UserException if one of them cannot be used, or refers to what is not there */
    static void requireUsable(Map<String, String> settings) {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = Objects.requireNonNullElse(ofThread, ClientSettings.class.getClassLoader());
        new OwnClasses(KafkaClasses.ofThisProgram(), loader).requireUsable(settings);
        SecretReferences.requireVariables(settings, System.getenv());
    }
}
