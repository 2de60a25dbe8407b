package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionLimits;
import io.bytelm.session.ServiceFailurePolicy;
import io.bytelm.session.SessionSettings;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What {@code score} is told about sessions and its model is what the operator gets. */
class StreamOptionsTest {
    @Command
    static final class Options {
        @Mixin
        SessionOptions session;

        @Mixin
        LimitOptions limits;

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
