package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionLimits;
import io.bytelm.record.Tokenizations;
import io.bytelm.session.ServiceFailurePolicy;
import io.bytelm.session.SessionSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

/** What {@code score} is told about sessions and its model is what the operator gets. */
class StreamOptionsTest {
    @Command
    static final class Options {
        @Mixin
        SessionOptions session;

        @Mixin
        LimitOptions limits;

        @Mixin
        SessionTokenizations tokenizations;

        @Mixin
        BeamOptions beam;

        static Options of(String... arguments) {
            Options options = new Options();
            new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
            return options;
        }

        SessionLimits limits() {
            return limits.applyTo(SessionDefaults.STANDARD).limits();
        }
    }

    @Test
    void theCapsOnSessionsAreThoseOfTheOptions() {
        assertThat(Options.of().limits()).isEqualTo(SessionLimits.STANDARD);
        assertThat(Options.of("--max-k", "7", "--max-particles", "9", "--max-requests-per-round", "11")
                        .limits())
                .isEqualTo(new SessionLimits(7, 9, 11));
    }

    @Test
    void capsThatTheJobsOwnBeamIsBeyondAreRefused() {
        assertThatThrownBy(() -> Options.of("--max-k", "4").limits())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--max-k");
    }

    @Test
    void sessionsSumOverTheTokenizationsThatAreAskedFor() {
        SessionDefaults usual = Options.of().tokenizations.applyTo(SessionDefaults.STANDARD);
        assertThat(usual).isEqualTo(SessionDefaults.STANDARD);
        SessionDefaults canonical = Options.of("--tokenizations", "canonical", "--defer", "0.05")
                .tokenizations
                .applyTo(SessionDefaults.STANDARD);
        assertThat(canonical.tokenizations()).isEqualTo(Tokenizations.CANONICAL);
        assertThat(canonical.defer()).isEqualTo(0.05);
        assertThat(Options.of("--tokenizations", "canonical")
                        .tokenizations
                        .applyTo(SessionDefaults.STANDARD)
                        .defer())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --defer 0.1                                 | --defer means nothing where all tokenizations are followed; leave it out, or set --tokenizations canonical
            --tokenizations canonical --k 5             | --k means nothing with --tokenizations canonical: no tokenization is dropped, and none has to be looked for; leave it out
            --tokenizations canonical --prune 0         | --prune means nothing with --tokenizations canonical: no tokenization is dropped, and none has to be looked for; leave it out
            --tokenizations canonical --no-heal         | --heal means nothing with --tokenizations canonical: no tokenization is dropped, and none has to be looked for; leave it out
            --tokenizations canonical --defer 1         | --defer: the share to defer must be at least 0 and less than 1, got 1.0
            """)
    void whatMeansNothingBesideThemIsRefused(String options, String message) {
        Options told = Options.of(options.split(" +"));
        assertThatThrownBy(() -> told.tokenizations.applyTo(SessionDefaults.STANDARD))
                .isInstanceOf(UserException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"5, true", "9, false"})
    void aFileOfOptionsMayListTheUsualBeamBesideThem(String widthInFile, boolean accepted) {
        Options options = new Options();
        new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(arg ->
                        arg instanceof OptionSpec option && option.longestName().equals("--k") ? widthInFile : null)
                .parseArgs("--tokenizations", "canonical");
        if (accepted) {
            assertThat(options.tokenizations.applyTo(SessionDefaults.STANDARD).tokenizations())
                    .isEqualTo(Tokenizations.CANONICAL);
        } else {
            assertThatThrownBy(() -> options.tokenizations.applyTo(SessionDefaults.STANDARD))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("--k means nothing");
        }
    }

    @Test
    void soAreTheBoundsOnASilentModelAndOnWhatIsHeld() {
        assertThat(Options.of().session.settings()).isEqualTo(SessionSettings.DEFAULT);
        SessionSettings told = Options.of(
                        "--give-up-after-ms", "1234", "--on-failure", "dead-letter", "--max-held-mb", "3")
                .session
                .settings();
        assertThat(told.breaker().giveUpAfterMillis()).isEqualTo(1234);
        assertThat(told.serviceFailure()).isEqualTo(ServiceFailurePolicy.DEAD_LETTER);
        assertThat(told.maxHeldBytes()).isEqualTo(3 << 20);
    }
}
