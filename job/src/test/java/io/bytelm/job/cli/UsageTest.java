package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class UsageTest {
    static Stream<String> commands() {
        return BytelmCommand.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachLineOfACommandsHelpCanBeFormatted(String name) {
        CommandLine command = BytelmCommand.commandLine().getSubcommands().get(name);
        CommandSpec spec = command.getCommandSpec();
        List<String> descriptions = new ArrayList<>(List.of(spec.usageMessage().description()));
        spec.args().forEach(argument -> descriptions.addAll(List.of(argument.description())));
        assertThat(descriptions)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(String.format(text)).isNotBlank());
        StringWriter help = new StringWriter();
        command.usage(new PrintWriter(help));
        assertThat(help.toString()).contains(name).doesNotContain("%n", "%%");
    }
}
