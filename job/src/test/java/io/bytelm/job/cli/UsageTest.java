package io.bytelm.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UsageTest {
    static Stream<String> commands() {
        return BytelmCommand.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandsHelpIsFormattedWithoutAWarning(String name) {
        PrintStream before = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        StringWriter help = new StringWriter();
        try (PrintStream listening = new PrintStream(warnings, true, UTF_8)) {
            System.setErr(listening); // where picocli says that a text is no format
            Objects.requireNonNull(BytelmCommand.commandLine().getSubcommands().get(name))
                    .usage(new PrintWriter(help));
        } finally {
            System.setErr(before);
        }
        assertThat(help.toString()).contains(name).doesNotContain("%n", "%%");
        assertThat(warnings.toString(UTF_8)).isEmpty();
    }
}
