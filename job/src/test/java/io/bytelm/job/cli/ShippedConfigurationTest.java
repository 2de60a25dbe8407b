package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The files in configs/ name every option of their command, with its default, and nothing else. */
class ShippedConfigurationTest {
    private static final Path CONFIGS = Path.of("..", "configs");
    private static final Pattern KEY = Pattern.compile("(?m)^(# )?([a-z][a-z0-9-]*):( .*)?$");

    static Stream<String> commands() {
        return BytelmCommand.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionIsThere(String command) throws IOException {
        assertThat(keys(command, false).keySet()).isEqualTo(options(command).keySet());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void itIsAccepted(String command) {
        CommandLine root = BytelmCommand.commandLine();
        String[] args = {command, "--config", file(command).toString()};

        assertThatCode(() -> {
                    ConfigFile.applyTo(root, args);
                    root.parseArgs(args);
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void whatIsNotACommentIsTheDefault(String command) throws IOException {
        Map<String, OptionSpec> options = options(command);
        keys(command, true).forEach((key, value) -> {
            OptionSpec option = Objects.requireNonNull(options.get(key), key);
            if (option.defaultValue() != null) {
                assertThat(value).as(key).isEqualTo(option.defaultValue());
            }
        });
    }

    private static Map<String, OptionSpec> options(String command) {
        return Objects.requireNonNull(
                        BytelmCommand.commandLine().getSubcommands().get(command))
                .getCommandSpec()
                .options()
                .stream()
                .filter(option -> !CommonOptions.isAboutTheRun(option))
                .collect(Collectors.toMap(
                        option -> option.longestName().substring(2), option -> option, (a, b) -> a, TreeMap::new));
    }

    private static Map<String, String> keys(String command, boolean withoutComments) throws IOException {
        Map<String, String> keys = new TreeMap<>();
        Matcher matcher = KEY.matcher(Files.readString(file(command)));
        while (matcher.find()) {
            if (matcher.group(1) == null || !withoutComments) {
                keys.put(matcher.group(2), String.valueOf(matcher.group(3)).strip());
            }
        }
        return keys;
    }

    private static Path file(String command) {
        return CONFIGS.resolve(command + ".yaml");
    }
}
