package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class DeadEndOptionsTest {
    @Command
    static final class Sessions {
        @Mixin
        ObservingOptions observing;

        @Mixin
        DeadEndOptions deadEnds;

        SessionDefaults defaults() {
            return deadEnds.applyTo(SessionDefaults.STANDARD.withObserving(observing.observing(false)));
        }
    }

    private static SessionDefaults defaults(String arguments) {
        Sessions sessions = new Sessions();
        new CommandLine(sessions).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments.split(" "));
        return sessions.defaults();
    }

    @Test
    void severalModelsStopAtADeadEnd() {
        Sessions sessions = new Sessions();
        new CommandLine(sessions).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("--on-dead-end", "restart");
        assertThatThrownBy(sessions.deadEnds::refuseCombined)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("--combine cannot be had with --on-dead-end restart: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--spans words ", "--anomaly-window 9 ", "--settled-tokens "})
    void sessionsMayReadOnWhateverElseTheySay(String asked) {
        assertThat(defaults(asked + "--on-dead-end restart").onDeadEnd()).isEqualTo(OnDeadEnd.RESTART);
        assertThat(defaults(asked + "--on-dead-end stop").onDeadEnd()).isEqualTo(OnDeadEnd.STOP);
    }
}
