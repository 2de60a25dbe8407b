package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretReferencesTest {
    @Test
    void aReferenceIsGivenTheClassThatReadsIt() {
        assertThat(SecretReferences.withProviders(Map.of("ssl.key.password", "${env:KEY_PASSWORD}")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ssl.key.password", "${env:KEY_PASSWORD}",
                        "config.providers", "env",
                        "config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider"));
    }

    @Test
    void settingsWithoutReferencesAreLeftAlone() {
        Map<String, String> settings = Map.of("ssl.key.password", "env:$", "client.id", "${other:x}");

        assertThat(SecretReferences.withProviders(settings)).isEqualTo(settings);
    }

    @Test
    void whatTheUserSaysOfProvidersStays() {
        Map<String, String> settings = SecretReferences.withProviders(Map.of(
                "config.providers", "vault,env",
                "config.providers.env.class", "com.example.Env",
                "ssl.key.password", "${env:A}${directory:/run/secrets:key}"));

        assertThat(settings)
                .containsEntry("config.providers", "vault,env,directory")
                .containsEntry("config.providers.env.class", "com.example.Env")
                .containsKey("config.providers.directory.class");
        assertThat(SecretReferences.withProviders(settings)).isEqualTo(settings);
    }

    @Test
    void aVariableThatIsNotSetIsNamedAndNoValueIsShown() {
        Map<String, String> settings =
                Map.of("sasl.jaas.config", "x required username=\"me\" password=\"${env:SECRET}\" other=\"hidden\";");

        assertThatThrownBy(() -> SecretReferences.requireVariables(settings, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--kafka sasl.jaas.config refers to ${env:SECRET}")
                .hasMessageContaining("TaskManagers")
                .hasMessageNotContaining("hidden");
        assertThatCode(() -> SecretReferences.requireVariables(settings, Map.of("SECRET", "")))
                .doesNotThrowAnyException();
    }
}
