package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that are committed in pieces: killed at every point, given up in their middle, numbered. */
class RecordInPiecesTest {
    private static final PieceSize PIECES = new PieceSize(4, 1 << 20);
    private static final String TEXT = "the end. Grüße, hello world, the end!";
    private static final String REGEX = "\"constraint\":{\"kind\":\"regex\",\"source\":\"([a-z]{3}, ){2,9}end\"}";

    private static EmbeddedTrieLmService oracle;

    private ScheduledService service = new ScheduledService(new OracleService(), new Random(0), 0);
    private long offset;

    @BeforeAll
    static void openService() throws IOException {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        oracle = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults());
    }

    @AfterAll
    static void closeService() {
        oracle.close();
    }

    private SessionOperatorHarness<SessionState> start(Subtask subtask) throws Exception {
        service = new ScheduledService(oracle, new Random(0), 0);
        RetrySettings once = new RetrySettings(1, 1_000_000, 0, 0, 0);
        SessionOperatorHarness<SessionState> operator = new SessionOperatorHarness<>(
                subtask,
                service,
                new AllSessionsLogic(
                        SessionDefaults.STANDARD, oracle.vocabulary(), oracle.contextTokens(), PIECES, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                new SessionSettings(100, 32, once, ServiceFailurePolicy.DEAD_LETTER, 0));
        operator.runMails();
        return operator;
    }

    private InputRecord record(@Nullable String op, @Nullable String sequence, byte[] value) {
        return new InputRecord(new byte[] {'s'}, op, sequence, value, new SourcePosition("in", 0, offset++, 0));
    }

    private InputRecord record(@Nullable String op, @Nullable String sequence, String value) {
        return record(op, sequence, value.getBytes(UTF_8));
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, InputRecord record) throws Exception {
        operator.flink.processElement(new StreamRecord<>(record));
        operator.runMails();
    }

    /** @return how many requests were answered */
    private int answer(SessionOperatorHarness<SessionState> operator, int most) throws Exception {
        int answers = 0;
        while (service.hasWaiting() && answers < most) {
            service.answerOldest();
            answers++;
            operator.runMails();
        }
        return answers;
    }

    private static List<OutputRecord> outputs(SessionOperatorHarness<SessionState> operator) {
        List<OutputRecord> outputs = new ArrayList<>();
        for (Object event : operator.output.events) {
            outputs.add((OutputRecord) ((StreamRecord<?>) event).getValue());
        }
        return outputs;
    }

    static Stream<List<String>> sessions() {
        return Stream.of(
                List.of("bytes", TEXT + TEXT, "end", ""),
                List.of("open", "{\"emit\":\"byte\",\"top\":3}", "bytes", TEXT, "bytes", "the", "end", ""),
                List.of("open", "{\"prompt\":\"" + TEXT + "\",\"eos_tokens\":[\".\"]}", "bytes", TEXT, "end", ""),
                List.of("end", TEXT + TEXT),
                List.of("open", "{\"emit\":\"byte\",\"top\":3,\"eos_tokens\":[\".\"]}", "bytes", "the", "end", TEXT),
                List.of("open", "{\"mode\":\"steered\"," + REGEX + ",\"top\":2}", "bytes", "one, two, ten, end"),
                List.of("open", "{\"mode\":\"steered\"," + REGEX + ",\"top\":2}", "end", "one, two, ten, end"),
                List.of("open", "{\"mode\":\"driven\",\"prompt\":\"" + TEXT + "\",\"emit\":\"byte\"," + REGEX + "}"));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void aKillAtAnyPointIsNotNoticedAndCostsNoMoreThanAPiece(List<String> session) throws Exception {
        List<InputRecord> input = new ArrayList<>();
        for (int i = 0; i < session.size(); i += 2) {
            input.add(record(session.get(i), Integer.toString(i), session.get(i + 1)));
        }
        List<OutputRecord> expected;
        int total;
        try (var operator = start(Subtask.FRESH)) {
            for (InputRecord record : input) {
                feed(operator, record);
            }
            total = answer(operator, Integer.MAX_VALUE);
            expected = outputs(operator);
        }
        assertThat(expected).isNotEmpty().noneMatch(DeadLetter.class::isInstance);
        int mostRepeated = 0;
        for (int killed = 0; killed <= total; killed++) {
            List<OutputRecord> found = new ArrayList<>();
            OperatorSubtaskState state;
            try (var operator = start(Subtask.FRESH)) {
                for (InputRecord record : input) {
                    feed(operator, record);
                }
                answer(operator, killed);
                state = operator.flink.snapshot(1, 1);
                found.addAll(outputs(operator));
            }
            try (var operator = start(Subtask.restored(state))) {
                int after = answer(operator, Integer.MAX_VALUE);
                found.addAll(outputs(operator));
                mostRepeated = Math.max(mostRepeated, killed + after - total);
                feed(operator, input.get(0)); // its number says that it has had its effect
                assertThat(service.hasWaiting()).isFalse();
            }
            assertThat(found).as("killed after %d of %d answers", killed, total).isEqualTo(expected);
        }
        assertThat(mostRepeated).as("answers repeated, of %d", total).isBetween(1, total / 2);
    }

    @Test
    void aChunkThatIsGivenUpInItsMiddleSaysHowMuchOfItWasRead() throws Exception {
        double whole;
        try (var operator = start(Subtask.FRESH)) {
            feed(operator, record(null, null, TEXT));
            answer(operator, Integer.MAX_VALUE);
            whole = ((Score) outputs(operator).get(0)).totalLogLikelihood();
        }
        try (var operator = start(Subtask.FRESH)) {
            feed(operator, record(null, "1", TEXT));
            answer(operator, 30);
            service.failAny();
            operator.runMails();
            DeadLetter letter = operator.output.deadLetters().get(0);
            assertThat(letter.reason()).isEqualTo("service-failed");
            assertThat(letter.bytesRead()).isPositive().isLessThan(TEXT.length());
            assertThat(letter.bytesRead() % PIECES.textBytes()).isZero();
            assertThat(letter.message()).contains("send only the others again");
            byte[] value = TEXT.getBytes(UTF_8);
            feed(operator, record(null, "1", Arrays.copyOfRange(value, letter.bytesRead(), value.length)));
            answer(operator, Integer.MAX_VALUE);
            Score score = operator.output.scores().get(0);
            assertThat(score.chunkBytes()).isEqualTo(value.length);
            assertThat(score.totalLogLikelihood()).isCloseTo(whole, within(1e-9));
            feed(operator, record(null, "1", "a repeat"));
            assertThat(service.hasWaiting()).isFalse();
        }
    }

    @Test
    void anOpenThatIsGivenUpInItsPromptLeavesNoSession() throws Exception {
        String open = "{\"prompt\":\"" + TEXT + "\"}";
        try (var operator = start(Subtask.FRESH)) {
            for (boolean afterEnd : new boolean[] {false, true}) {
                feed(operator, record("open", null, open));
                answer(operator, 30);
                assertThat(operator.states()).hasOnlyElementsOfType(SessionState.Opening.class);
                service.failAny();
                operator.runMails();
                assertThat(operator.output.deadLetters().get(0).bytesRead()).isZero();
                assertThat(operator.states()).hasSize(afterEnd ? 1 : 0);
                assertThat(operator.states()).allMatch(SessionState.Ended.class::isInstance);
                operator.output.events.clear();
                feed(operator, record("open", null, open));
                answer(operator, Integer.MAX_VALUE);
                feed(operator, record("end", null, ""));
                answer(operator, Integer.MAX_VALUE);
                assertThat(operator.output.scores()).extracting(Score::event).containsExactly(Event.END);
                operator.output.events.clear();
            }
        }
    }
}
