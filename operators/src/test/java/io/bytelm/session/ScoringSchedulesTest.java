package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scoring sessions on the real beam, trie and service under schedules: the bytes of every number are the plain run's. */
class ScoringSchedulesTest {
    private static final int SCHEDULES = Integer.getInteger("verifier.scoring.schedules", 60);
    private static final int INPUTS = 3;
    private static final int RECORDS = 40;
    /** So small that most records go in several pieces, cut by their text or by what they tell of it. */
    private static final PieceSize PIECES = new PieceSize(4, 1500);

    private static final byte[] TEXT = "the end. Grüße, 日本語! hello world, the end! ".getBytes(UTF_8);
    private static final List<String> OPENS = List.of(
            "",
            "{\"prompt\": \"the en\", \"emit\": \"byte\", \"top\": 3}",
            "{\"k\": 2, \"prune_threshold\": 0.3, \"top\": 0}",
            "{\"emit\": \"end\", \"eos_tokens\": [\".\"], \"top\": \"all\"}",
            // Runs into a dead end on ordinary text.
            "{\"k\": 3, \"prune_threshold\": 0.01, \"eos_tokens\": [\"!\", \".\"], \"heal\": false, \"emit\": \"byte\"}",
            "{\"k\": ");

    private static EmbeddedTrieLmService service;

    @BeforeAll
    static void openService() throws IOException {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        service = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults());
    }

    @AfterAll
    static void closeService() {
        service.close();
    }

    /** Some sessions, each a text cut anywhere, now and then opened, ended, or continued after its end. */
    private static List<InputRecord> input(Random random) {
        Map<String, Integer> positions = new HashMap<>();
        List<InputRecord> input = new ArrayList<>();
        for (int offset = 0; offset < RECORDS; offset++) {
            String session = "session " + random.nextInt(6);
            boolean isNew = !positions.containsKey(session);
            int at = positions.getOrDefault(session, 0);
            int dice = random.nextInt(12);
            if (dice == 0 || (isNew && dice < 9)) {
                input.add(record(
                        session, "open", OPENS.get(random.nextInt(OPENS.size())).getBytes(UTF_8), offset));
                positions.putIfAbsent(session, 0);
            } else if (dice == 1) {
                input.add(record(session, "end", new byte[0], offset));
            } else {
                int end = Math.min(TEXT.length, at + random.nextInt(12));
                input.add(record(session, null, Arrays.copyOfRange(TEXT, at, end), offset));
                positions.put(session, end % TEXT.length);
            }
        }
        return input;
    }

    private static InputRecord record(String session, @Nullable String op, byte[] value, long offset) {
        return new InputRecord(session.getBytes(UTF_8), op, value, new SourcePosition("in", 0, offset, 0));
    }

    /** Two sessions that grow so long that most of their tokens settle. */
    private static List<InputRecord> longInput(Random random) {
        List<InputRecord> input = new ArrayList<>();
        byte[] session = new byte[600];
        for (int i = 0; i < session.length; i++) {
            session[i] = TEXT[i % TEXT.length];
        }
        int[] positions = new int[2];
        for (int offset = 0; positions[0] < session.length && positions[1] < session.length; offset++) {
            int which = random.nextInt(2);
            int end = Math.min(session.length, positions[which] + 10 + random.nextInt(60));
            byte[] chunk = Arrays.copyOfRange(session, positions[which], end);
            positions[which] = end;
            input.add(record("long " + which, null, chunk, offset));
        }
        return input;
    }

    private static OperatorVerifier<SessionState> verifier(long seed) throws Exception {
        return verifier(input(new Random(seed)), HashMapStateBackend::new);
    }

    private static OperatorVerifier<SessionState> verifier(List<InputRecord> input, Supplier<StateBackend> backend)
            throws Exception {
        return new OperatorVerifier<>(new VerifiedJob<>(
                input,
                () -> new ScoringLogic(
                        SessionDefaults.STANDARD,
                        service.vocabulary(),
                        service.contextTokens(),
                        PIECES,
                        RulesOnDemand.none()),
                ImmutableTypeInfo.SESSION_STATE,
                service,
                backend));
    }

    @Test
    void snapshotsAndRestoresAfterEveryRecordAndEverySecondOneAreNotNoticed() throws Exception {
        OperatorVerifier<SessionState> verifier = verifier(1);
        verifier.verifyWithRestoreAfterEvery(1);
        verifier.verifyWithRestoreAfterEvery(2);
        assertThat(verifier.counts().restores).isEqualTo(2 * RECORDS + 2 * RECORDS / 2);
        assertThat(verifier.counts().restoredElements).isGreaterThan(RECORDS);
    }

    @Test
    void rescalingToTwoSubtasksToThreeAndBackToOneIsNotNoticed() throws Exception {
        OperatorVerifier<SessionState> verifier = verifier(1);
        for (int seed = 0; seed < 3; seed++) {
            verifier.verifyRescaling(seed);
        }
        assertThat(verifier.counts().rescalings).isEqualTo(3 * 3);
        assertThat(verifier.counts().restoredElements).isPositive();
    }

    @Test
    void randomSchedulesAreNotNoticed() throws Exception {
        FaultCounts counts = new FaultCounts();
        for (int inputs = 0; inputs < INPUTS; inputs++) {
            OperatorVerifier<SessionState> verifier = verifier(inputs);
            for (int i = 0; i < SCHEDULES / INPUTS; i++) {
                verifier.verifyRandomSchedule(inputs * 1_000_000L + i);
            }
            counts.add(verifier.counts());
        }
        counts.assertEverythingHappened();
        assertThat(counts.restoredPartway).isGreaterThan(SCHEDULES / 4);
    }

    static Stream<Supplier<StateBackend>> backends() {
        return Stream.of(HashMapStateBackend::new, EmbeddedRocksDBStateBackend::new);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void norAreTheyByLongSessionsOnEitherStateBackend(Supplier<StateBackend> backend) throws Exception {
        OperatorVerifier<SessionState> verifier = verifier(longInput(new Random(3)), backend);
        verifier.verifyWithRestoreAfterEvery(8);
        for (int seed = 0; seed < 6; seed++) {
            verifier.verifyRandomSchedule(seed);
        }
        assertThat(verifier.counts().restoredLongSessions).isGreaterThan(10);
        assertThat(verifier.counts().rescalings).isPositive();
    }
}
