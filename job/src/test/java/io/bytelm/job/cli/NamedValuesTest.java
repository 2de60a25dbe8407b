package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Settings of Kafka's clients and of Flink, on the command line and in a file. */
class NamedValuesTest {
    private static final Map<String, String> PROTOCOLS =
            Map.of("ssl.enabled.protocols", "TLSv1.2,TLSv1.3", "security.protocol", "SSL");

    @Command(name = "sub")
    static final class Sub implements Runnable {
        @Mixin
        CommonOptions common;

        @Mixin
        KafkaOptions kafka;

        @Mixin
        FlinkOptions flink;

        @Override
        public void run() {}
    }

    @Command(name = "root")
    static final class Root {}

    @TempDir
    private Path directory;

    private final Sub sub = new Sub();

    @Test
    void severalOptionsAndSeveralSettingsInOneAreTheSame() throws IOException {
        assertThat(kafka("", "--kafka", "security.protocol=SSL", "--kafka", "ssl.enabled.protocols=TLSv1.2,TLSv1.3"))
                .isEqualTo(PROTOCOLS);
        assertThat(kafka("", "--kafka", "ssl.enabled.protocols=TLSv1.2,TLSv1.3,security.protocol=SSL"))
                .isEqualTo(PROTOCOLS);
        assertThat(kafka("", "--kafka", "acks=all,linger.ms=5,retries=3"))
                .isEqualTo(Map.of("acks", "all", "linger.ms", "5", "retries", "3"));
    }

    @Test
    void aFileSaysTheSameAsAListOrAsText() throws IOException {
        assertThat(kafka("kafka: [security.protocol=SSL, \"ssl.enabled.protocols=TLSv1.2,TLSv1.3\"]\n"))
                .isEqualTo(PROTOCOLS);
        assertThat(kafka("kafka: [ssl.enabled.protocols=TLSv1.2,TLSv1.3, security.protocol=SSL]\n"))
                .as("YAML takes the value apart")
                .isEqualTo(PROTOCOLS);
        assertThat(kafka("kafka:\n- ssl.enabled.protocols=TLSv1.2,TLSv1.3\n- security.protocol=SSL\n"))
                .isEqualTo(PROTOCOLS);
        assertThat(kafka("kafka: ssl.enabled.protocols=TLSv1.2,TLSv1.3,security.protocol=SSL\n"))
                .isEqualTo(PROTOCOLS);
        assertThat(kafka("kafka:\n- sasl.jaas.config=Module required user=\"a,b=c\",password=\"d,e=f\";\n"))
                .as("an item of a list is one setting, whatever is in it")
                .isEqualTo(Map.of("sasl.jaas.config", "Module required user=\"a,b=c\",password=\"d,e=f\";"));
    }

    @Test
    void aCommaAfterABackslashIsOfTheValueAndCapitalsBeginNoSetting() throws IOException {
        assertThat(kafka("", "--kafka", "sasl.jaas.config=x a\\,b=c,security.protocol=SSL"))
                .isEqualTo(Map.of("sasl.jaas.config", "x a,b=c", "security.protocol", "SSL"));
        assertThat(kafka("", "--kafka", "ssl.principal=CN=broker,OU=bytes,acks=all"))
                .isEqualTo(Map.of("ssl.principal", "CN=broker,OU=bytes", "acks", "all"));
    }

    @Test
    void whatRefersToASecretStaysAReferenceWhereverItStands() throws IOException {
        String reference = "ssl.key.password=a$b$$c${env:PATH}$${file:/x:y}";
        Map<String, String> expected = Map.of("ssl.key.password", "a$b$$c${env:PATH}$${file:/x:y}");

        assertThat(kafka("kafka:\n- '" + reference + "'\n")).containsAllEntriesOf(expected);
        assertThat(kafka("kafka: " + reference + "\n")).containsAllEntriesOf(expected);
        assertThat(kafka("", "--kafka", reference)).containsAllEntriesOf(expected);
    }

    @Test
    void flinksSettingsAreReadTheSameWay() throws IOException {
        run("", "--flink", "env.java.opts.all=-Da=1,-Db=2,state.backend.type=rocksdb");

        assertThat(sub.flink.settings().others())
                .isEqualTo(Map.of("env.java.opts.all", "-Da=1,-Db=2", "state.backend.type", "rocksdb"));

        run("flink:\n- pipeline.jars=file:///a.jar,file:///b.jar\n- state.backend.type=rocksdb\n");

        assertThat(sub.flink.settings().others())
                .isEqualTo(Map.of("pipeline.jars", "file:///a.jar,file:///b.jar", "state.backend.type", "rocksdb"));
    }

    @Test
    void aSettingWithoutAValueIsNamed() {
        assertThatThrownBy(() -> kafka("", "--kafka", "acks"))
                .isInstanceOf(UserException.class)
                .hasMessage("--kafka must be NAME=VALUE, got 'acks'");
    }

    private Map<String, String> kafka(String yaml, String... arguments) throws IOException {
        run(yaml, arguments);
        return sub.kafka.settings().clientProperties();
    }

    private void run(String yaml, String... arguments) throws IOException {
        Path file = Files.writeString(directory.resolve("options.yaml"), yaml);
        List<String> args = new ArrayList<>(List.of(
                "sub", "--config", file.toString(), "--bootstrap", "localhost:1", "--in", "in", "--out", "out"));
        args.addAll(List.of(arguments));
        CommandLine root = new CommandLine(new Root()).addSubcommand(sub).setCaseInsensitiveEnumValuesAllowed(true);
        ConfigFile.applyTo(root, args.toArray(String[]::new));
        root.parseArgs(args.toArray(String[]::new));
    }
}
