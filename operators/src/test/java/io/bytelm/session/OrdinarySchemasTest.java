package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.Ending;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people ask of a model that would rather write novels: none of it is a dead end, with everything at its default. */
class OrdinarySchemasTest {
    private static final String PROMPT = "Order in JSON: ";
    private static final int SEEDS = 4;
    private static final int MAX_BYTES = 200;

    private static EmbeddedTrieLmService service;
    private static Vocabulary vocabulary;

    @BeforeAll
    static void openTheBundledModel() {
        Path directory = BundledModel.directory();
        DjlModelSettings settings = DjlModelSettings.of(directory).withThreads(1);
        vocabulary = VocabularyReader.fromModelDirectory(directory);
        service = EmbeddedTrieLmService.open(
                vocabulary, order -> DjlLanguageModel.open(settings, order), ServiceSettings.defaults());
    }

    @AfterAll
    static void closeIt() {
        service.close();
    }

    private static String schema(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/decode", name + ".json"));
    }

    private static Constraint compiled(ConstraintKind kind, String source) {
        return ConstraintSource.of(kind, source).compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    /** As the command {@code decode} does. */
    private static Draft decoded(Constraint constraint, Sampler sampler, String prompt, double pruneThreshold) {
        BeamParams defaults = SessionDefaults.STANDARD.decodingParams(vocabulary);
        BeamParams params = new BeamParams(
                defaults.width(),
                pruneThreshold,
                defaults.eosTokens(),
                true,
                defaults.healMaxBackoff(),
                defaults.healMaxSplits());
        DecodingRules rules = new DecodingRules(constraint, sampler, StopStrings.NONE, MAX_BYTES, true, 1, 0);
        return Beam.initial(vocabulary, params)
                .then(start -> start.prefill(prompt.getBytes(UTF_8)))
                .then(prompted -> Decoding.begin(BeamText.after(prompted), rules))
                .then(decoding -> decoding.finish(rules))
                .run(new ServiceAnswers(service))
                .drafts()
                .get(0);
    }

    private static Sampler seeded(double temperature, long seed) {
        return new Sampler(temperature, 0, 1, 0, seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shopping-order", "whole-number"})
    void theCommandsOutputIsComplete(String schema) throws IOException {
        Constraint constraint = compiled(ConstraintKind.JSON_SCHEMA, schema(schema));
        for (int seed = 1; seed <= SEEDS; seed++) {
            Draft output = decoded(constraint, seeded(1, seed), PROMPT, SessionDefaults.STANDARD.pruneThreshold());
            String text = new String(output.bytes(), UTF_8);
            assertThat(output.ending()).as("seed %d: %s", seed, text).isIn(Ending.COMPLETE, Ending.BUDGET, Ending.EOS);
            assertThat(output.complete()).isTrue();
            assertThat(output.logWeight()).isFinite();
            assertThat(json(text).isObject()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shopping-order", "whole-number"})
    void soIsThatOfADrivenSession(String schema) throws Exception {
        try (SessionOperatorHarness<SessionState> operator = operator()) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                operator.process(
                        "s" + seed,
                        "open",
                        ("{\"mode\":\"driven\",\"prompt\":\"%s\",\"seed\":%d,\"max_bytes\":%d,\"emit\":\"end\","
                                        + "\"constraint\":{\"kind\":\"json-schema\",\"source\":%s}}")
                                .formatted(PROMPT, seed, MAX_BYTES / 2, schema(schema)));
            }
            operator.runMails();
            List<Finished> ends = results(operator, Finished.class);
            assertThat(ends).hasSize(SEEDS);
            for (Finished end : ends) {
                String text = new String(end.output().bytes(), UTF_8);
                assertThat(end.output().ending()).as(text).isIn(Ending.COMPLETE, Ending.BUDGET, Ending.EOS);
                assertThat(end.logConstraintProbability()).isFinite();
                assertThat(json(text).isObject()).isTrue();
            }
        }
    }

    @Test
    void textOfSpecialTokensIsNotDrawnAndTheModelsOwnEndTokenEndsTheText() throws IOException {
        Constraint formats = compiled(ConstraintKind.JSON_SCHEMA, schema("formatted-texts"));
        Constraint brackets = compiled(ConstraintKind.REGEX, "(<\\|?[a-z]*\\|?>? ?){1,12}");
        for (int seed = 1; seed <= SEEDS; seed++) {
            for (Constraint constraint : List.of(formats, brackets)) {
                Draft output = decoded(constraint, seeded(2.5, seed), "The end.", 0.0001);
                assertThat(new String(output.bytes(), UTF_8))
                        .as("seed %d", seed)
                        .doesNotContain("<|endoftext|>");
                assertThat(((BeamText) output.text()).beam().hasTerminated()).isTrue();
            }
        }
    }

    /** Without an end of the text the longer choice would always be drawn. */
    @Test
    void aChoiceThatIsThePrefixOfAnotherIsDrawn() {
        Constraint choices = compiled(ConstraintKind.CHOICES, "[\"the house\",\"the house of the world\"]");
        Set<String> drawn = IntStream.range(0, 40)
                .mapToObj(seed -> decoded(choices, seeded(20, seed), "He came to ", 0.001))
                .map(output -> new String(output.bytes(), UTF_8))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(drawn).containsExactly("the house", "the house of the world");
    }

    @Test
    void aSteeredSessionIsOfferedTheEndUnlessItWantsNone() throws Exception {
        String open = "{\"mode\":\"steered\",\"top\":\"all\",%s"
                + "\"constraint\":{\"kind\":\"choices\",\"source\":[\"the\",\"there\"]}}";
        try (SessionOperatorHarness<SessionState> operator = operator()) {
            operator.process("ends", "open", open.formatted(""));
            operator.process("ends", "the");
            operator.process("goes on", "open", open.formatted("\"eos_tokens\":[],"));
            operator.process("goes on", "the");
            operator.runMails();
            List<Next> told = results(operator, Next.class);
            assertThat(told).hasSize(4);
            assertThat(possible(told, "ends")).containsExactly((int) 'r', 257);
            assertThat(possible(told, "goes on")).containsExactly((int) 'r');
        }
    }

    private static List<Integer> possible(List<Next> told, String session) {
        Next last = told.stream()
                .filter(next -> new String(next.session(), UTF_8).equals(session) && next.bytes() == 3)
                .findFirst()
                .orElseThrow();
        NextSymbols listed = Objects.requireNonNull(last.next());
        return IntStream.range(0, listed.size())
                .filter(i -> listed.logProbs()[i] > Double.NEGATIVE_INFINITY)
                .map(i -> listed.symbols()[i])
                .sorted()
                .boxed()
                .toList();
    }

    private SessionOperatorHarness<SessionState> operator() throws Exception {
        return new SessionOperatorHarness<>(
                Subtask.FRESH,
                new WaitingService(service),
                new AllSessionsLogic(SessionDefaults.STANDARD, vocabulary, Long.MAX_VALUE, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static <T extends Result> List<T> results(SessionOperatorHarness<SessionState> operator, Class<T> kind) {
        return operator.output.events.stream()
                .filter(StreamRecord.class::isInstance)
                .map(event -> ((StreamRecord<?>) event).getValue())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
