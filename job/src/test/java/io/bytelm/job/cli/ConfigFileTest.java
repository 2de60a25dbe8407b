package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class ConfigFileTest {
    @Command(name = "sub")
    static final class Sub implements Runnable {
        @Mixin
        CommonOptions common;

        @Option(names = "--k", defaultValue = "5")
        int k;

        @Option(names = "--hex", required = true)
        String hex;

        @Option(names = "--heal", negatable = true, defaultValue = "true", fallbackValue = "true")
        boolean heal;

        @Option(names = "--eos", split = ",")
        List<String> eos = List.of();

        @Override
        public void run() {}
    }

    @Command(name = "root")
    static final class Root {}

    @TempDir
    private Path directory;

    private final Sub sub = new Sub();

    @Test
    void takesWhatTheCommandLineDoesNotGive() throws IOException {
        run("hex: 0065\nheal: false\neos: [\"2e\", 0a]\nk:\n");

        assertThat(sub.hex).as("text as typed").isEqualTo("0065");
        assertThat(sub.heal).isFalse();
        assertThat(sub.eos).containsExactly("2e", "0a");
        assertThat(sub.k).as("a key without value is no value").isEqualTo(5);
    }

    @Test
    void theCommandLineWins() throws IOException {
        run("hex: aa\nk: 7\nheal: false\neos: [bb]\n", "--k", "9", "--heal", "--eos", "cc");

        assertThat(sub.hex).isEqualTo("aa");
        assertThat(sub.k).isEqualTo(9);
        assertThat(sub.heal).isTrue();
        assertThat(sub.eos).containsExactly("cc");
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheKnownKeys() {
        assertThatThrownBy(() -> run("hex: aa\n# a comment\nkk: 7\n"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("options.yaml, line 3: unknown key 'kk'; known keys: eos, heal, hex, k");
    }

    @Test
    void anEmptyFileSaysNothing() throws IOException {
        run("# all defaults\n", "--hex", "aa");

        assertThat(sub.hex).isEqualTo("aa");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'hex: [a'                | line 1: not YAML",
                "'- a'                    | line 1: expected lines of the form 'name: value'",
                "'hex: {a: b}'            | line 1: 'hex' must be one value, or a list of values",
                "'hex: a\nk: 1\nk: 2'     | line 3",
            })
    void aFileThatIsNoListOfOptionsIsRefusedWithTheLine(String yaml, String message) {
        assertThatThrownBy(() -> run(yaml)).isInstanceOf(UserException.class).hasMessageContaining(message);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> apply("sub", "--config", "nowhere.yaml"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("there is no file nowhere.yaml");
    }

    private void run(String yaml, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("options.yaml"), yaml);
        List<String> args = new ArrayList<>(List.of("sub", "--config", file.toString()));
        args.addAll(List.of(arguments));
        apply(args.toArray(String[]::new));
    }

    private void apply(String... args) {
        CommandLine root = new CommandLine(new Root()).addSubcommand(sub).setCaseInsensitiveEnumValuesAllowed(true);
        ConfigFile.applyTo(root, args);
        root.parseArgs(args);
    }
}
