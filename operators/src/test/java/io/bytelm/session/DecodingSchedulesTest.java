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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Decoding sessions on the real beam, trie and service under schedules: every byte and every number is the plain run's.
 */
class DecodingSchedulesTest {
    private static final int SCHEDULES = Integer.getInteger("verifier.decoding.schedules", 30);
    private static final int INPUTS = 3;
    private static final int RECORDS = 24;
    private static final PieceSize PIECES = new PieceSize(2, 1500);
    private static final String TEXT = "one, two, ten, end";
    private static final String SCHEMA = "{\"kind\":\"json-schema\",\"source\":{\"type\":\"object\",\"properties\":"
            + "{\"a\":{\"type\":\"integer\"},\"bc\":{\"enum\":[\"the\",\"end\"]}},\"required\":[\"bc\"],"
            + "\"additionalProperties\":false}}";
    private static final String REGEX = "{\"kind\":\"regex\",\"source\":\"([a-z]{3}, ){2,9}end\"}";
    private static final List<String> OPENS = List.of(
            "{\"mode\":\"driven\",\"emit\":\"byte\",\"constraint\":" + SCHEMA + ",\"max_bytes\":60}",
            "{\"mode\":\"driven\",\"prompt\":\"the en\",\"seed\":5,\"max_bytes\":40}",
            "{\"mode\":\"driven\",\"particles\":3,\"seed\":2,\"constraint\":" + REGEX + ",\"max_bytes\":30}",
            "{\"mode\":\"steered\",\"constraint\":" + REGEX + ",\"top\":2}",
            "{\"mode\":\"steered\",\"constraint\":" + REGEX + ",\"top\":2}",
            "{\"mode\":\"driven\",\"constraint\":{\"kind\":\"regex\",\"source\":\"(\"}}",
            "");

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

    /** Some sessions: driven ones, steered ones that are sent a text cut anywhere, some that score, now and then an end. */
    private static List<InputRecord> input(Random random) {
        Map<String, Integer> positions = new HashMap<>();
        List<InputRecord> input = new ArrayList<>();
        for (int offset = 0; offset < RECORDS; offset++) {
            String session = "session " + random.nextInt(5);
            boolean isNew = !positions.containsKey(session);
            int at = positions.getOrDefault(session, 0);
            int dice = random.nextInt(12);
            if (dice < 2 || isNew) {
                input.add(record(session, "open", OPENS.get(random.nextInt(OPENS.size())), offset));
                positions.put(session, 0);
            } else if (dice == 2 || at == TEXT.length()) {
                input.add(record(session, "end", "", offset));
                positions.remove(session);
            } else {
                int end = Math.min(TEXT.length(), at + 1 + random.nextInt(6));
                input.add(record(session, null, TEXT.substring(at, end), offset));
                positions.put(session, end);
            }
        }
        return input;
    }

    private static InputRecord record(String session, @Nullable String op, String value, long offset) {
        return new InputRecord(
                session.getBytes(UTF_8), op, value.getBytes(UTF_8), new SourcePosition("in", 0, offset, 0));
    }

    private static OperatorVerifier<SessionState> verifier(long seed) throws Exception {
        return verifier(input(new Random(seed)), HashMapStateBackend::new);
    }

    private static OperatorVerifier<SessionState> verifier(List<InputRecord> input, Supplier<StateBackend> backend)
            throws Exception {
        return new OperatorVerifier<>(new VerifiedJob<>(
                input,
                () -> new AllSessionsLogic(
                        SessionDefaults.STANDARD, service.vocabulary(), service.contextTokens(), PIECES, Runnable::run),
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
        assertThat(counts.restoredPartway).isPositive();
    }

    @Test
    void norAreTheyWithRocksDb() throws Exception {
        OperatorVerifier<SessionState> verifier = verifier(input(new Random(1)), EmbeddedRocksDBStateBackend::new);
        for (int seed = 0; seed < 8; seed++) {
            verifier.verifyRandomSchedule(seed);
        }
        assertThat(verifier.counts().restoredElements).isPositive();
    }
}
