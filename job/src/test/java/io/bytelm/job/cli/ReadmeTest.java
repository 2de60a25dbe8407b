package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The README names options that there are, with the defaults that they have. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]*(?![\\w])");

    private static final Pattern SCRIPT = Pattern.compile("\\S*python3? job/(src/bench/\\w+\\.py)");

    /** Of Kafka's tools, of Flink's, and of programs that are run beside. */
    private static final Set<String> OF_OTHERS = Set.of(
            "--bootstrap-server",
            "--topic",
            "--property",
            "--from-beginning",
            "--isolation-level",
            "--detached",
            "--concurrent",
            "--jar",
            "--engine");

    private static List<CommandLine> commands() {
        CommandLine root = BytelmCommand.commandLine();
        List<String> first = List.of("score", "likelihood");
        return Stream.concat(
                        first.stream().map(name -> root.getSubcommands().get(name)),
                        root.getSubcommands().values().stream())
                .toList();
    }

    /** Of a switch that is on unless it is turned off, the name is the one that it is turned on with. */
    private static OptionSpec option(String name) {
        return Stream.of(name, name.replaceFirst("^--no-", "--"))
                .flatMap(spelled -> commands().stream()
                        .map(command -> command.getCommandSpec().findOption(spelled)))
                .filter(found -> found != null)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command has " + name));
    }

    private static List<String> optionsIn(String text) {
        return OPTION.matcher(text).results().map(MatchResult::group).toList();
    }

    @Test
    void everyOptionThatItNamesIsThere() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String line : Files.readAllLines(README)) {
            if (!SCRIPT.matcher(line).find()) {
                named.addAll(optionsIn(line));
            }
        }
        named.removeAll(OF_OTHERS);
        assertThat(named)
                .hasSizeGreaterThan(40)
                .allSatisfy(name -> assertThat(option(name)).isNotNull());
    }

    @Test
    void everyOptionThatItGivesToAScriptIsOneOfTheScript() throws IOException {
        Set<String> scripts = new TreeSet<>();
        for (String line : Files.readAllLines(README)) {
            Matcher run = SCRIPT.matcher(line);
            if (run.find()) {
                scripts.add(run.group(1));
                String source = Files.readString(Path.of(run.group(1)));
                assertThat(optionsIn(line.substring(run.end())))
                        .as(line)
                        .isNotEmpty()
                        .allSatisfy(name -> assertThat(source).contains('"' + name + '"'));
            }
        }
        assertThat(scripts).hasSizeGreaterThan(3);
    }

    @Test
    void theDefaultsInItsTableAreThoseOfTheOptions() throws IOException {
        List<String> compared = new ArrayList<>();
        for (String line : Files.readAllLines(README)) {
            String[] cells = line.split("\\|");
            List<String> options = cells.length == 4 ? optionsIn(cells[1]) : List.of();
            if (!cells[0].isEmpty() || options.isEmpty()) {
                continue;
            }
            // what stands in parentheses is of other commands
            String[] defaults = cells[2].replaceAll("\\([^)]*\\)", "")
                    .replace("`", "")
                    .strip()
                    .split(" *, *");
            for (int i = 0; i < Math.min(options.size(), defaults.length); i++) {
                String told = option(options.get(i)).defaultValue();
                boolean inWords = defaults[i].contains(" ") || options.get(i).startsWith("--no-");
                if (told != null && !inWords && defaults.length == options.size()) {
                    assertThat(defaults[i]).as(options.get(i)).isEqualTo(told);
                    compared.add(options.get(i));
                }
            }
        }
        assertThat(compared)
                .containsAll(Arrays.asList(
                        "--capacity",
                        "--max-waiting",
                        "--max-held-mb",
                        "--give-up-after-ms",
                        "--max-k",
                        "--max-particles"));
    }
}
