package io.bytelm.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenRequestTest {
    private static final List<byte[]> TOKENS = Stream.of("<s>", ".", " ", "a", "ä", ".", "")
            .map(t -> t.getBytes(UTF_8))
            .toList();
    private static final Vocabulary VOCABULARY =
            new Vocabulary(TOKENS, Collections.nCopies(TOKENS.size(), TokenKind.NORMAL), 0, new byte[0]);
    private static final BeamParams DEFAULTS = SessionDefaults.STANDARD.beamParams(VOCABULARY);
    private static final Emission EMISSION = SessionDefaults.STANDARD.emission();

    private static final OpenRequest ABSENT = new OpenRequest(new byte[0], DEFAULTS, EMISSION);

    private static OpenRequest parse(String json) throws RejectedRecordException {
        return OpenRequest.parse(json.getBytes(UTF_8), ABSENT, VOCABULARY);
    }

    @Test
    void anEmptyValueMeansAllDefaults() throws Exception {
        OpenRequest defaults = new OpenRequest(new byte[0], DEFAULTS, EMISSION);
        assertThat(OpenRequest.parse(null, ABSENT, VOCABULARY)).isEqualTo(defaults);
        assertThat(parse("")).isEqualTo(defaults);
        assertThat(parse("{}")).isEqualTo(defaults).hasSameHashCodeAs(defaults);
        assertThat(DEFAULTS).isEqualTo(BeamParams.of(5, 0.001));
    }

    @Test
    void everyFieldCounts() throws Exception {
        OpenRequest request = parse(
                "{\"prompt\": \"ä\", \"k\": 7, \"prune_threshold\": 0.25, \"eos_tokens\": [\" \", \".\"],"
                        + "\"heal\": false, \"heal_max_backoff\": 3, \"heal_max_splits\": 0, \"emit\": \"byte\", \"top\": 9}");
        assertThat(request.prompt()).containsExactly(0xC3, 0xA4);
        assertThat(request.params()).isEqualTo(new BeamParams(7, 0.25, new int[] {1, 2, 5}, false, 3, 0));
        assertThat(request.emission()).isEqualTo(new Emission(Emission.When.BYTE, 9));
    }

    @Test
    void canonicalTokenizationsAreAskedForOrAreTheDefault() throws Exception {
        CanonicalParams deferred = new CanonicalParams(0.25, new int[] {3});
        String json = "{\"tokenizations\": \"canonical\", \"defer\": 0.25, \"eos_tokens\": [\"a\"]}";
        assertThat(parse(json).canonical()).isEqualTo(deferred);
        OpenRequest usual = new OpenRequest(new byte[0], DEFAULTS, deferred, EMISSION);
        assertThat(OpenRequest.parse("{\"top\": 1}".getBytes(UTF_8), usual, VOCABULARY)
                        .canonical())
                .isEqualTo(new CanonicalParams(0.25, new int[0]));
        byte[] all = "{\"tokenizations\": \"all\", \"k\": 3}".getBytes(UTF_8);
        assertThat(OpenRequest.parse(all, usual, VOCABULARY).canonical()).isNull();
        assertThat(OpenRequest.parse(all, usual, VOCABULARY).params().width()).isEqualTo(3);
    }

    private static DecodeRequest decoding(String fields) throws RejectedRecordException {
        byte[] json = ("{\"mode\": \"driven\", " + fields + "}").getBytes(UTF_8);
        return DecodeRequest.parse(json, ABSENT, VOCABULARY);
    }

    @Test
    void whatDecodesAsksForCanonicalTokenizationsAsWhatScoresDoes() throws Exception {
        String fields = "\"tokenizations\": \"canonical\", \"defer\": 0.5, \"eos_tokens\": [], \"particles\": 2";
        CanonicalParams deferred = new CanonicalParams(0.5, new int[0]);
        assertThat(decoding(fields).opened().canonical()).isEqualTo(deferred);
        assertThat(decoding(fields).opened().ofPrompt().canonical()).isEqualTo(CanonicalParams.exact());
        assertThat(decoding("\"top\": 1").opened().canonical()).isNull();
        assertThat(decoding("\"top\": 1").opened().ofPrompt().canonical()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "defer": 0.1                           | open: field "defer" means nothing where "tokenizations" is "all"; leave it out, or set "tokenizations" to "canonical"
            "tokenizations": "canonical", "k": 5   | open: field "k" means nothing where "tokenizations" is "canonical"; leave it out, or set "tokenizations" to "all"
            "on_dead_end": "stop"                  | open: field "on_dead_end" is not allowed here: a session with a "mode" stops at a dead end
            """)
    void andIsRefusedWhatMeansNothingBesideThem(String fields, String message) {
        RejectedRecordException e = catchThrowableOfType(RejectedRecordException.class, () -> decoding(fields));
        assertThat(e).hasMessage(message);
        assertThat(e.reason()).isEqualTo(OpenRequest.MALFORMED);
    }

    @Test
    void readingOnAfterADeadEndIsAskedForOrIsTheDefault() throws Exception {
        assertThat(ABSENT.onDeadEnd()).isEqualTo(OnDeadEnd.STOP);
        assertThat(parse("{\"on_dead_end\": \"restart\"}").onDeadEnd()).isEqualTo(OnDeadEnd.RESTART);
        SessionDefaults restarting = SessionDefaults.STANDARD.withOnDeadEnd(OnDeadEnd.RESTART);
        OpenRequest usual = restarting.openRequest(VOCABULARY);
        assertThat(OpenRequest.parse("{\"top\": 1}".getBytes(UTF_8), usual, VOCABULARY)
                        .onDeadEnd())
                .isEqualTo(OnDeadEnd.RESTART);
        assertThat(OpenRequest.parse("{\"on_dead_end\": \"stop\"}".getBytes(UTF_8), usual, VOCABULARY)
                        .onDeadEnd())
                .isEqualTo(OnDeadEnd.STOP);
    }

    @Test
    void bytesThatAreNoTextAreGivenInHex() throws Exception {
        OpenRequest request = parse("{\"prompt_hex\": \"ff00\", \"eos_tokens_hex\": [\"c3A4\"]}");
        assertThat(request.prompt()).containsExactly(0xFF, 0x00);
        assertThat(request.params().eosTokens()).containsExactly(4);
    }

    @Test
    void limitsMayBeLiftedAndAllSymbolsListed() throws Exception {
        BeamParams limited = new BeamParams(5, 0.001, new int[] {3}, true, 1, 2);
        String json = "{\"heal_max_backoff\": null, \"top\": \"all\", \"eos_tokens\": []}";
        OpenRequest request =
                OpenRequest.parse(json.getBytes(UTF_8), new OpenRequest(new byte[0], limited, EMISSION), VOCABULARY);
        assertThat(request.params()).isEqualTo(new BeamParams(5, 0.001, new int[0], true, BeamParams.UNLIMITED, 2));
        assertThat(request.emission()).isEqualTo(new Emission(Emission.When.CHUNK, 258));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"k": "five"}           | open: field "k" is "five"; allowed is a whole number from 1 to 1000
            {"on_dead_end": "skip"} | open: field "on_dead_end" is "skip"; allowed is one of "stop", "restart"
            {"k": 0}                | open: field "k" is 0; allowed is a whole number from 1 to 1000
            {"k": 1001}             | open: field "k" is 1001; allowed is a whole number from 1 to 1000
            {"k": 5.0}              | open: field "k" is 5.0; allowed is a whole number from 1 to 1000
            {"k": 4294967297}       | open: field "k" is 4294967297; allowed is a whole number from 1 to 1000
            {"k": null}             | open: field "k" is null; allowed is a whole number from 1 to 1000
            {"K": 5}                | open: unknown field "K"; allowed are anomaly, candidates, defer, emit, end, eos_tokens, eos_tokens_hex, heal, heal_max_backoff, heal_max_splits, k, on_dead_end, prompt, prompt_hex, prune_threshold, settled_tokens, span_space, spans, tokenizations, top
            {"prune_threshold": 1}  | open: field "prune_threshold" is 1; allowed is a number of at least 0 and less than 1
            {"prune_threshold": -1} | open: field "prune_threshold" is -1; allowed is a number of at least 0 and less than 1
            {"prune_threshold": ""} | open: field "prune_threshold" is ""; allowed is a number of at least 0 and less than 1
            {"defer": 0}            | open: field "defer" means nothing where "tokenizations" is "all"; leave it out, or set "tokenizations" to "canonical"
            {"tokenizations": "one"} | open: field "tokenizations" is "one"; allowed is one of "all", "canonical"
            {"tokenizations": "canonical", "defer": 1} | open: field "defer" is 1; allowed is a number of at least 0 and less than 1
            {"tokenizations": "canonical", "k": 5} | open: field "k" means nothing where "tokenizations" is "canonical"; leave it out, or set "tokenizations" to "all"
            {"tokenizations": "canonical", "prune_threshold": 0} | open: field "prune_threshold" means nothing where "tokenizations" is "canonical"; leave it out, or set "tokenizations" to "all"
            {"tokenizations": "canonical", "heal": false} | open: field "heal" means nothing where "tokenizations" is "canonical"; leave it out, or set "tokenizations" to "all"
            {"tokenizations": "canonical", "heal_max_backoff": 1} | open: field "heal_max_backoff" means nothing where "tokenizations" is "canonical"; leave it out, or set "tokenizations" to "all"
            {"tokenizations": "canonical", "heal_max_splits": 1} | open: field "heal_max_splits" means nothing where "tokenizations" is "canonical"; leave it out, or set "tokenizations" to "all"
            {"heal": 1}             | open: field "heal" is 1; allowed is true or false
            {"heal_max_splits": -1} | open: field "heal_max_splits" is -1; allowed is a whole number of at least 0, or null for no limit
            {"emit": "CHUNK"}       | open: field "emit" is "CHUNK"; allowed is one of "byte", "chunk", "end"
            {"emit": []}            | open: field "emit" is []; allowed is one of "byte", "chunk", "end"
            {"top": 259}            | open: field "top" is 259; allowed is a whole number from 0 to 258 or "all"
            {"top": "most"}         | open: field "top" is "most"; allowed is a whole number from 0 to 258 or "all"
            {"prompt": 5}           | open: field "prompt" is 5; allowed is text
            {"prompt": "\\ud800"}   | open: field "prompt" holds half of a surrogate pair; allowed is text, other bytes go into "prompt_hex"
            {"prompt_hex": "f"}     | open: field "prompt_hex" is "f"; allowed is bytes in hex, two digits each
            {"prompt_hex": 10}      | open: field "prompt_hex" is 10; allowed is bytes in hex, two digits each
            {"eos_tokens": "."}     | open: field "eos_tokens" is "."; allowed is a list of texts
            {"eos_tokens_hex": [1]} | open: field "eos_tokens_hex" is 1; allowed is bytes in hex, two digits each
            {"prompt": "", "prompt_hex": ""} | open: both "prompt" and "prompt_hex" are given; allowed is one of them
            []                      | open: the value is []; allowed is a JSON object, or nothing
            "open"                  | open: the value is "open"; allowed is a JSON object, or nothing
            """)
    void aWrongFieldIsNamedWithWhatIsAllowed(String json, String message) {
        assertRejected(json, OpenRequest.MALFORMED, message);
    }

    @Test
    void longValuesAreNotRepeatedInFull() {
        assertRejected(
                "{\"emit\": \"" + "x".repeat(100_000) + "\"}",
                OpenRequest.MALFORMED,
                "open: field \"emit\" is \"" + "x".repeat(39) + "...; allowed is one of \"byte\", \"chunk\", \"end\"");
    }

    @ParameterizedTest
    @CsvSource({"{", "{} {}", "'{\"candidates\": [}'", "'{\"k\": 5, \"k\": 6}'", "k=5", "' '", "'{\"prompt\": \"\n\"}'"
    })
    void whatIsNoJsonObjectIsSaidInOneLine(String json) {
        RejectedRecordException e = catchThrowableOfType(RejectedRecordException.class, () -> parse(json));
        assertThat(e.reason()).isEqualTo(OpenRequest.MALFORMED);
        assertThat(e).hasMessageStartingWith("open: the value is");
        assertThat(e).message().doesNotContain("\n", "Source", "StreamRead");
    }

    @Test
    void aTokenOutsideTheVocabularyIsNamed() {
        assertRejected(
                "{\"eos_tokens\": [\".\", \"b\"]}",
                OpenRequest.UNKNOWN_EOS_TOKEN,
                "open: EOS token: no token of the model's vocabulary is \"b\" (hex 62); name tokens as they stand in the"
                        + " vocabulary, with their spaces");
        assertRejected(
                "{\"eos_tokens\": [\"\"]}",
                OpenRequest.UNKNOWN_EOS_TOKEN,
                "open: EOS token: no token of the model's vocabulary is \"\" (hex ); name tokens as they stand in the"
                        + " vocabulary, with their spaces");
    }

    private static void assertRejected(String json, String reason, String message) {
        RejectedRecordException e = catchThrowableOfType(RejectedRecordException.class, () -> parse(json));
        assertThat(e).hasMessage(message);
        assertThat(e.reason()).isEqualTo(reason);
    }
}
