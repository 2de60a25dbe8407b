package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

/** The commands that score sessions and documents refuse the same. */
class MeaninglessOptionsTest {
    private interface Told {
        void apply();
    }

    @Command
    static final class Sessions implements Told {
        @Mixin
        SessionTokenizations tokenizations;

        @Mixin
        BeamOptions beam;

        @Override
        public void apply() {
            tokenizations.applyTo(SessionDefaults.STANDARD);
        }
    }

    @Command
    static final class Documents implements Told {
        @Mixin
        TokenizationOptions tokenizations;

        @Mixin
        BeamOptions beam;

        @Override
        public void apply() {
            tokenizations.canonical(true);
        }
    }

    /** What is refused, null for nothing, with this key and value in a file of options. */
    private static @Nullable String refused(Told told, String key, String value, String... arguments) {
        new CommandLine(told)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(arg ->
                        arg instanceof OptionSpec option && option.longestName().equals("--" + key) ? value : null)
                .parseArgs(arguments);
        try {
            told.apply();
            return null;
        } catch (UserException e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "k, 5, canonical, true",
        "k, 9, canonical, false",
        "prune, 1e-3, canonical, true",
        "prune, 0.0010, canonical, true",
        "prune, 0, canonical, false",
        "heal, True, canonical, true",
        "heal, false, canonical, false",
        "heal-max-backoff, -1, canonical, true",
        "heal-max-splits, 2, canonical, false",
        "defer, 0.0, all, true",
        "defer, 0.1, all, false",
        "defer, 0.1, canonical, true",
        "k, 9, all, true"
    })
    void aFileMayListWhatMeansNothingWithItsUsualValue(String key, String value, String which, boolean accepted) {
        String ofSessions = refused(new Sessions(), key, value, "--tokenizations", which);
        String ofDocuments = refused(new Documents(), key, value, "--tokenizations", which);

        assertThat(ofDocuments).isEqualTo(ofSessions);
        if (accepted) {
            assertThat(ofSessions).isNull();
        } else {
            assertThat(ofSessions).startsWith("--" + key + " means nothing ");
        }
    }

    @ParameterizedTest
    @CsvSource({"--k, 5, canonical", "--prune, 0.001, canonical", "--heal-max-splits, -1, canonical", "--defer, 0, all"
    })
    void onTheCommandLineEvenTheUsualValueIsRefused(String option, String value, String which) {
        String ofSessions = refused(new Sessions(), "none", "", "--tokenizations", which, option, value);

        assertThat(ofSessions).startsWith(option + " means nothing ");
        assertThat(refused(new Documents(), "none", "", "--tokenizations", which, option, value))
                .isEqualTo(ofSessions);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "0.1, false"})
    void aFileMayDeferNothingWhereBytesHaveNoScores(String defer, boolean accepted) {
        Documents documents = new Documents();
        new CommandLine(documents)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(arg ->
                        arg instanceof OptionSpec option && option.longestName().equals("--defer") ? defer : null)
                .parseArgs("--tokenizations", "canonical");
        if (accepted) {
            assertThat(documents.tokenizations.canonical(false)).isNotNull();
        } else {
            assertThatThrownBy(() -> documents.tokenizations.canonical(false))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("--byte-logprobs");
        }
    }
}
