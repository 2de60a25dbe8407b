package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.FreePorts;
import io.bytelm.lm.BundledModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with what the user gave: one line that says so, soon, and an exit code. */
class BadInputIT {
    /** Less than what Kafka and Flink wait by themselves, and much more than it takes. */
    private static final Duration SOON = Duration.ofSeconds(45);

    private static final String LINE_END = System.lineSeparator();

    @TempDir
    private Path directory;

    /** Spoils a copy of a good model. */
    @FunctionalInterface
    interface Damage {
        void to(Path model) throws IOException;
    }

    static Stream<Arguments> damagedModels() {
        return Stream.of(
                damaged("no model directory", BadInputIT::deleteAll, "no such model directory"),
                damaged("no weights", m -> Files.delete(m.resolve("model.safetensors")), "model.safetensors"),
                damaged("no tokenizer", m -> Files.delete(m.resolve("tokenizer.json")), "tokenizer.json"),
                damaged("truncated weights", m -> truncate(m.resolve("model.safetensors")), "model.safetensors"),
                damaged("truncated tokenizer", m -> truncate(m.resolve("tokenizer.json")), "tokenizer.json"),
                damaged("truncated configuration", m -> truncate(m.resolve("config.json")), "config.json"),
                damaged(
                        "the configuration of another model",
                        m -> replace(m.resolve("config.json"), "\"vocab_size\": 4096", "\"vocab_size\": 4000"),
                        "expected shape [4000, 256] from config.json, found [4096, 256]"),
                damaged(
                        "the weights of another model",
                        m -> replace(m.resolve("config.json"), "\"vocab_size\": 4096", "\"vocab_size\": 5000"),
                        "5000"),
                damaged(
                        "an unknown architecture",
                        m -> replace(m.resolve("config.json"), "\"llama\"", "\"mamba\"", "LlamaFor", "MambaFor"),
                        "Mamba"));
    }

    static Stream<Arguments> wrongOptions() throws IOException {
        return Stream.of(
                options("K must be at least 1, got 0", "next", "--prefix", "a", "--k", "0"),
                options("prune threshold must be at least 0", "next", "--prefix", "a", "--prune", "-0.1"),
                options("(hex abcdef)", "next", "--prefix", "a", "--eos", "abcdef"),
                options("'6' is not hex", "next", "--prefix-hex", "6"),
                options("Unknown option: '--prefx'", "next", "--prefx", "a"),
                options("mutually exclusive", "next", "--prefix", "a", "--prefix-hex", "61"),
                options("Unmatched argument", "nxt"),
                options("which command?"),
                options("nothing to explain", "explain"),
                options("give one of --choices", "decode", "--json", "--regex", "a"),
                options("--regex: ", "decode", "--regex", "a("),
                options("--json-schema nowhere.json: cannot be read", "decode", "--json-schema", "nowhere.json"),
                options("its suffix says no kind", "decode", "--constraint-file", "nowhere.txt"),
                options("the shortest output", "decode", "--regex", "a{9}", "--max-bytes", "8"),
                options("--particles must be from 1 to 1000", "decode", "--particles", "0"),
                options("top-p must be more than 0", "decode", "--top-p", "0"),
                options("nowhere.json", "vocab", "--tokenizer", "nowhere.json"),
                options("there is no file nowhere.yaml", "next", "--config", "nowhere.yaml"),
                options("gpu7", "next", "--prefix", "a", "--device", "gpu7"),
                options("--sessions must be from 1 to 25", "demo", "--sessions", "26"),
                options("no token of this vocabulary begins with '\\xff\\xff'", "trie", "--prefix-hex", "ffff"),
                options("Missing required option", "score", "--in", "bytes", "--out", "scores"),
                score("no Kafka broker answers at localhost:"),
                score("K must be at least 1, got 0", "--k", "0"),
                score("Invalid value for option '--emit'", "--emit", "never"),
                score("--top must be a number from 0 to 258", "--top", "many"),
                score("--transaction-timeout-ms must be from", "--transaction-timeout-ms", "0"),
                score("--kafka must be NAME=VALUE, got 'acks'", "--kafka", "acks"),
                options("--out is the topic that --in reads", "score", "--in", "a", "--out", "a", "--bootstrap", "h:1"),
                score("--dead-letters is the topic that --in reads", "--dead-letters", "bytes"),
                score("--alerts is the topic that --in reads", "--alerts", "bytes", "--anomaly-window", "64"),
                score(
                        "--settled-tokens means nothing with --combine",
                        "--settled-tokens",
                        "--combine",
                        "mixture",
                        "--model",
                        "a",
                        "--model",
                        "b"),
                score("--alerts is the topic of --out too", "--alerts", "scores", "--anomaly-window", "64"),
                score("cannot use the broker", "--bootstrap", "nowhere"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damagedModels")
    void aDamagedModelIsOneLineThatNamesTheFile(String what, Damage damage, String said) throws IOException {
        Path model = copyOfTheBundledModel();
        damage.to(model);

        isOneLine(List.of("next", "--prefix", "a", "--model", model.toString()), said);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("wrongOptions")
    void aWrongOptionIsOneLineThatNamesIt(String said, List<String> args) {
        isOneLine(args, said);
    }

    private static void isOneLine(List<String> args, String said) {
        long started = System.nanoTime();
        CommandRun run = CommandRun.of(args);
        Duration took = Duration.ofNanos(System.nanoTime() - started);

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).startsWith("bytelm: ").endsWith(LINE_END).contains(said);
        assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
        assertThat(run.err()).doesNotContain("Exception", "\tat ");
        assertThat(run.out()).isEmpty();
        assertThat(took).isLessThan(SOON);
    }

    private static Arguments damaged(String what, Damage damage, String said) {
        return Arguments.of(what, damage, said);
    }

    private static Arguments options(String said, String... args) {
        return Arguments.of(said, Arrays.asList(args));
    }

    private static Arguments score(String said, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("score", "--in", "bytes", "--out", "scores"));
        args.addAll(List.of(more));
        if (!args.contains("--bootstrap")) {
            args.addAll(List.of("--bootstrap", "localhost:" + FreePorts.next()));
        }
        return Arguments.of(said, args);
    }

    private Path copyOfTheBundledModel() throws IOException {
        Path copy = Files.createDirectory(directory.resolve("model"));
        try (Stream<Path> files = Files.list(BundledModel.directory())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private static void deleteAll(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(model);
    }

    private static void truncate(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));
    }

    private static void replace(Path file, String... oldAndNew) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        for (int i = 0; i < oldAndNew.length; i += 2) {
            assertThat(text).contains(oldAndNew[i]);
            text = text.replace(oldAndNew[i], oldAndNew[i + 1]);
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }
}
