package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.likelihood.ByteModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that need no broker print. */
class CommandsIT {
    @TempDir
    Path directory;

    @Test
    void nextPrintsTheMostProbableBytesAndTheBeam() {
        String out = succeeding("next", "He was a ve", "--top", "2").out();

        assertThat(out).contains("He␣was␣a␣ve").containsPattern("r +72 +\\d\\d\\.\\d\\d %");
        assertThat(out).contains("all others").containsPattern("He\\|␣was\\|␣a\\|␣ve");
        assertThat(out).doesNotContain("\u001B");
    }

    @Test
    void aPrefixMayComeInHexAndAtTheBeginning() {
        String text = succeeding("next", "--prefix", "he").out();
        String hex = succeeding("next", "--prefix-hex", "6865").out();

        assertThat(hex).isEqualTo(text);
        assertThat(succeeding("next").out()).startsWith("At the beginning");
    }

    @Test
    void explainShowsEachByteAndTheTotal() {
        String out = succeeding("explain", "the cat\n").out();

        assertThat(out.lines().filter(line -> line.matches("  (t|h|e|␣|c|a|\\\\n) .*")))
                .hasSize(8);
        assertThat(out).contains("8 bytes, log P = -").contains("bits per byte");
    }

    @Test
    void explainSaysADeadEnd() {
        String out =
                succeeding("explain", "hello! yes", "--k", "1", "--eos", "21").out();

        assertThat(out).contains("dead end").contains("A wider beam (--k)").doesNotContain("NaN", "Infinity");
    }

    @Test
    void coloursComeWhenAskedFor() {
        assertThat(succeeding("explain", "a", "--color", "always").out()).contains("\u001B[");
    }

    @Test
    void trieCountsTokensBelowAPrefix() {
        String out = succeeding("trie", "--prefix", " str", "--after", "It was a dark and")
                .out();

        assertThat(out).contains("␣str  15 tokens begin so, 1 of them end here").containsPattern("o +6f +2 +\\d\\.");
    }

    @Test
    void trieWritesADotDocument() {
        String out = succeeding("trie", "--dot", "--prefix", " str").out();

        assertThat(out).startsWith("digraph").contains("␣str").endsWith("}\n");
    }

    @Test
    void vocabListsEveryToken() {
        List<String> lines = succeeding("vocab").out().lines().toList();

        assertThat(lines)
                .hasSize(4096)
                .allMatch(line -> line.matches("\\d+\t([0-9a-f]{2})*\t(normal|special|byte|empty)"));
        assertThat(lines.get(0)).isEqualTo("0\t3c7c656e646f66746578747c3e\tspecial");
        assertThat(lines.get(1)).isEqualTo("1\t21\tnormal");
    }

    @Test
    void vocabListsTheBytesThatAreNoToken(@TempDir Path directory) throws IOException {
        assertThat(succeeding("vocab", "--bytes-without-token").out()).isEmpty();
        Path file = Files.writeString(directory.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [{"id": 3, "content": "xy", "special": false, "normalized": false,
                  "lstrip": false, "rstrip": false, "single_word": false}],
                 "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
                 "post_processor": null, "decoder": {"type": "ByteLevel"},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ac": 2}, "merges": []}}
                """);
        List<String> lines = succeeding("vocab", "--bytes-without-token", "--tokenizer", file.toString())
                .out()
                .lines()
                .toList();

        assertThat(lines)
                .hasSize(256 - 2)
                .contains("63\tlonger\tnone", "78\tlonger\tlonger", "1d\tnone\tnone")
                .noneMatch(line -> line.startsWith("61") || line.startsWith("62"));
    }

    /** The tokenizer of SmolLM2-135M without its tokens of several bytes, which have no bytes but those of the others. */
    @Test
    void smolLm2LacksTheGroupSeparatorAndTwentyOtherBytes() {
        String file = "src/test/resources/tokenizers/smollm2-bytes.json";

        assertThat(succeeding("vocab", "--bytes-without-token", "--tokenizer", file)
                        .out()
                        .lines())
                .containsExactly(Stream.of(
                                "04", "06", "13", "14", "16", "1d", "c0", "c1", "f1", "f2", "f5", "f6", "f7", "f8",
                                "f9", "fa", "fb", "fc", "fd", "fe", "ff")
                        .map(hex -> hex + "\tnone\tnone")
                        .toArray(String[]::new));
    }

    @Test
    void modelSaysWhatIsRead() throws IOException {
        assertThat(succeeding("model").out().lines())
                .contains(
                        "tiny-en  can be scored with",
                        "  architecture  LlamaForCausalLM, read as Llama",
                        "  shape         6 layers, hidden size 256, 4 heads of 64 (2 for keys and values), feed-forward size 704",
                        "  parameters    5,475,584",
                        "                and for each token that is kept: float32 7.30 kB, bfloat16 4.22 kB, int8 2.78 kB",
                        "  windows       none: every layer sees the whole context",
                        "  tokenizer     byte-level BPE, 4096 tokens (1 added), 0 of them without a row; 4096 rows, 0 of"
                                + " them without a token",
                        "  BOS           0 <|endoftext|>",
                        "  normalizer    changes nothing",
                        "  bytes         each is a token");
        JsonNode json =
                new ObjectMapper().readTree(succeeding("model", "--json").out());
        assertThat(json.get("parameters").asLong()).isEqualTo(5_475_584);
        assertThat(json.get("bytes_in_no_token")).isEmpty();
        assertThat(json.get("canonical_bytes_only_in_longer_tokens")).isEmpty();
        assertThat(json.get("windows")).hasSize(6).allMatch(JsonNode::isNull);
        assertThat(json.get("weight_bytes").get("float32").asLong())
                .isEqualTo(26_096_640 + 2 * 5_475_584); // in float32, and as float16
        assertThat(json.get("state_bytes_per_token").asLong()).isEqualTo(7_296);
        assertThat(json.get("state_bytes_per_token_by_precision").get("int8").asLong())
                .isEqualTo(6 * 4 * (64 + 4) + 4 * 256 + 128);
    }

    @Test
    void aModelThatCannotBeScoredWithIsOneLineAndExitCode1() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"architectures\": [\"MambaForCausalLM\"]}");
        CommandRun run = CommandRun.of("model", "--model", directory.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("unsupported architecture 'MambaForCausalLM'");
    }

    @Test
    void anAdapterIsMergedAndSaid() throws IOException {
        String model = ByteModel.write(directory.resolve("bytes")).toString();
        String adapter = ByteModel.writeAdapter(directory.resolve("adapter")).toString();

        assertThat(succeeding("model", "--model", model, "--adapter", adapter).out())
                .contains("adapter       " + adapter + ", trained on org/bytes")
                .contains("192 values, merged into 1 tensors");
        String plain = succeeding("next", "abc", "--model", model, "--full").out();
        String adapted = succeeding("next", "abc", "--model", model, "--adapter", adapter, "--full")
                .out();
        ByteModel.writeAdapter(Path.of(model));
        String beside = succeeding("next", "abc", "--model", model, "--full").out();
        assertThat(adapted).isNotEqualTo(plain).isEqualTo(beside);
    }

    @Test
    void decodeKeepsToItsConstraintAndRepeatsItself() {
        String[] args = {"decode", "--prompt", "The sky was ", "--choices", "blue,grey,black", "--seed", "4"};
        String out = succeeding(args).out();

        assertThat(out.lines().findFirst().orElseThrow()).isIn("blue", "grey", "black");
        assertThat(out)
                .containsPattern(
                        "\\d bytes, complete, log P = -\\d+\\.\\d+, log weight = -\\d+\\.\\d+, .* model calls");
        assertThat(succeeding(args).out().lines().findFirst())
                .isEqualTo(out.lines().findFirst());
    }

    @Test
    void decodeShowsForcedBytesInAnotherStyle() {
        String out =
                succeeding("decode", "--regex", "(a|b)cd", "--color", "always").out();

        assertThat(out).containsPattern("\u001B\\[1m[ab]\u001B\\[0m\u001B\\[2mcd\u001B\\[0m");
    }

    @Test
    void decodeListsItsParticles() {
        String out = succeeding("decode", "--json", "--max-bytes", "12", "--particles", "4")
                .out();

        assertThat(out.lines()).hasSize(7);
        assertThat(out).contains("estimated log P(constraint) = -", "effective sample size", "of 4");
    }

    @Test
    void aTextBeyondTheContextIsSaidInOneLine() {
        String[] text = {"It was a dark and stormy night", "--max-context", "4"};
        for (String command : List.of("next", "explain")) {
            assertThat(succeeding(command, text[0], text[1], text[2]).out().lines())
                    .filteredOn(
                            line -> line.matches("truncated: contexts of up to \\d+ tokens, of which this model reads"
                                    + " at most the last 4"))
                    .hasSize(1);
            assertThat(succeeding(command, text[0]).out()).doesNotContain("truncated");
        }
        assertThat(succeeding("next", text[0], text[1], text[2], "--full").out())
                .endsWith(",\"truncated\":true}" + System.lineSeparator());
        assertThat(succeeding("decode", "--prompt", text[0], text[1], text[2], "--max-bytes", "3", "--seed", "1")
                        .out())
                .containsPattern("truncated: contexts of up to \\d+ tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "decode", "score", "next", "explain", "trie", "vocab", "model"})
    void everyCommandExplainsItselfWithAnExample(String command) {
        assertThat(succeeding(command, "--help").out())
                .contains("Usage: bytelm " + command, "Example", "--config=FILE");
    }

    private static CommandRun succeeding(String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }
}
