package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ContextWindow;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.lm.WindowedModel;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a session says of a text that outgrows the model's context. */
class TruncatedSessionsTest {
    private static final ContextWindow WINDOW = new ContextWindow(4, 2);
    private static final String TEXT = StoredSavepoint.TEXT.repeat(3);

    private static Vocabulary english;

    @BeforeAll
    static void readVocabulary() throws IOException {
        english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
    }

    private static LanguageModel windowed(LanguageModel model) {
        return new WindowedModel(model, WINDOW);
    }

    private static ScoredSession session() {
        return new ScoredSession(english, SessionDefaults.STANDARD, windowed(new PortableModel(english.size())));
    }

    /** Of these 7 bytes there are 64 tokenizations at most; one closes a token at each byte: its context is as long as they are. */
    @Test
    void aByteIsMarkedIfSomeTokenizationOfItIsLongerThanTheContext() {
        ScoredSession session = session();
        session.open("{\"k\": 64, \"prune_threshold\": 0, \"emit\": \"byte\", \"top\": 0}");
        List<Score> scores = session.bytes("the end");
        assertThat(scores)
                .hasSize(7)
                .allSatisfy(
                        score -> assertThat(score.truncated()).isEqualTo(score.bytesConsumed() > WINDOW.maxTokens()));
    }

    /** The token that may begin after the last byte has a context that is longer by one. */
    @Test
    void whatComesNextIsMarkedByItsOwnContexts() {
        ScoredSession session = session();
        session.open("{\"k\": 64, \"prune_threshold\": 0, \"emit\": \"byte\", \"top\": 1}");
        assertThat(session.bytes("the end"))
                .hasSize(7)
                .allSatisfy(
                        score -> assertThat(score.truncated()).isEqualTo(score.bytesConsumed() >= WINDOW.maxTokens()));
    }

    @Test
    void aMarkStaysAndDoesNotDependOnWhereTheTextWasCut() throws IOException {
        String open = "{\"k\": 2, \"prune_threshold\": 0.2, \"emit\": \"byte\", \"top\": 0}";
        ScoredSession whole = session();
        whole.open(open);
        List<Score> expected = whole.bytes(TEXT);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ScoredSession cut = session();
        cut.open(open);
        List<Score> found = new ArrayList<>();
        byte[] bytes = TEXT.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(9));
            found.addAll(cut.bytes(Arrays.copyOfRange(bytes, from, to)));
            cut.storeAndRestore();
            from = to;
        }
        List<Boolean> marks = expected.stream().map(Score::truncated).toList();
        assertThat(found).extracting(Score::truncated).as("seed %d", seed).isEqualTo(marks);
        assertThat(marks).startsWith(false, false, false).endsWith(true);
        assertThat(marks).as("seed %d", seed).isSorted();
    }

    @Test
    void aLongPromptMarksTheFirstScore() {
        ScoredSession session = session();
        session.open("{\"prompt\": \"" + TEXT + "\", \"top\": 0}");
        assertThat(session.bytes("t").get(0).truncated()).isTrue();
        ScoredSession within = session();
        within.open("{\"prompt\": \"the\", \"top\": 0}");
        assertThat(within.bytes("t").get(0).truncated()).isFalse();
        assertThat(within.end().truncated()).isFalse();
    }

    @Test
    void aDeadEndAndTheEndAfterItKeepTheMark() throws IOException {
        ScoredSession session = session();
        session.open("{\"k\": 1, \"eos_tokens\": [\"!\", \".\"], \"heal\": false}");
        List<Score> scores = new ArrayList<>(session.bytes("the end of the world and more of it!"));
        session.storeAndRestore();
        scores.add(session.end());
        assertThat(scores).extracting(Score::event).containsExactly(Event.DEAD_END, Event.END);
        assertThat(scores).allMatch(Score::truncated);
    }

    @Test
    void aSessionThatIsOpenedAgainBeginsWithoutIt() {
        ScoredSession session = session();
        assertThat(session.bytes(TEXT).get(0).truncated()).isTrue();
        assertThat(session.end().truncated()).isTrue();
        session.open("{}");
        assertThat(session.bytes("the").get(0).truncated()).isFalse();
    }

    @Test
    void decodingSessionsSayItToo() throws IOException {
        DecodingSession drawn = new DecodingSession("drawn", PieceSize.STANDARD, TruncatedSessionsTest::windowed);
        List<OutputRecord> outputs = drawn.open("{'mode':'driven','seed':5,'max_bytes':60,'emit':'byte'}");
        List<Boolean> marks =
                outputs.stream().map(output -> ((Result) output).truncated()).toList();
        assertThat(marks).startsWith(false, false).endsWith(true, true).isSorted();
        DecodingSession particles =
                new DecodingSession("particles", PieceSize.STANDARD, TruncatedSessionsTest::windowed);
        Finished end = particles.finished("{'mode':'driven','particles':3,'seed':1,'max_bytes':60}");
        assertThat(end.truncated()).isTrue();
        DecodingSession steered = new DecodingSession("steered", PieceSize.STANDARD, TruncatedSessionsTest::windowed);
        assertThat(steered.next("open", "{'mode':'steered'}").truncated()).isFalse();
        assertThat(steered.next(null, "the end of the world and more").truncated())
                .isTrue();
        assertThat(((Finished) steered.send("end", "").get(0)).truncated()).isTrue();
    }

    @Test
    void eachSessionCountsOnce() throws Exception {
        EmbeddedTrieLmService service = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(windowed(new PortableModel(english.size())), order),
                ServiceSettings.defaults());
        try (var operator = new MeteredOperator(new SessionOperatorFactory<>(
                () -> service,
                opened -> new AllSessionsLogic(
                        SessionDefaults.STANDARD, opened.vocabulary(), opened.contextTokens(), Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT))) {
            send(operator, "long", null, TEXT);
            send(operator, "long", null, TEXT);
            send(operator, "long", "end", "");
            send(operator, "short", null, "the");
            send(operator, "short", "end", "");
            send(operator, "at once", "end", TEXT);
            send(operator, "drawn", "open", "{\"mode\":\"driven\",\"seed\":5,\"max_bytes\":60}");
            operator.flink.endInput();
            assertThat(operator.count("numSessionsStarted")).isEqualTo(4);
            assertThat(operator.count("numSessionsTruncated")).isEqualTo(3);
        }
    }

    private long offset;

    private void send(MeteredOperator operator, String session, @Nullable String op, String value) throws Exception {
        SourcePosition source = new SourcePosition("in", 0, offset++, 0);
        operator.process(new InputRecord(session.getBytes(UTF_8), op, null, value.getBytes(UTF_8), source));
    }
}
