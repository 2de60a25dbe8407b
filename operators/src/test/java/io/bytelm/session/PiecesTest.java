package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.BeamParams;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.Emission;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SourcePosition;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record in pieces says what it says in one; its outputs are held for a piece only. */
class PiecesTest {
    private static final PieceSize WHOLE = new PieceSize(Integer.MAX_VALUE, Integer.MAX_VALUE);
    private static final String TEXT = "the end. Grüße, 日本語! hello world, the end! ".repeat(4);

    /** The records of one session. */
    private record Told(@Nullable String op, String value) {}

    private static List<Told> of(String open, String... more) {
        List<Told> records = new ArrayList<>(List.of(new Told("open", open.replace('\'', '"'))));
        Stream.of(more).map(text -> new Told(null, text)).forEach(records::add);
        records.add(new Told("end", ""));
        return records;
    }

    static Stream<List<Told>> sessions() {
        String regex = "'constraint':{'kind':'regex','source':'([a-z]{3}, ){9,30}end'}";
        return Stream.of(
                of("{}", TEXT, TEXT),
                of("{'emit':'byte','top':'all'}", TEXT),
                of("{'emit':'end','top':3,'eos_tokens':['.']}", TEXT, TEXT),
                of("{'prompt':'" + TEXT + "','eos_tokens':['!'],'emit':'byte'}", "hello! the"),
                // runs into a dead end
                of("{'k':1,'eos_tokens':['!','.'],'heal':false}", "the", TEXT),
                of("{'prompt':'" + TEXT + "','k':1,'eos_tokens':['!','.'],'heal':false}", TEXT),
                List.of(new Told(null, TEXT), new Told(null, ""), new Told("end", "")),
                of("{'mode':'steered','prompt':'" + TEXT + "','top':3," + regex + "}", "one, two, six, ten, the, one"),
                of("{'mode':'steered','k':1,'eos_tokens':['!','.'],'heal':false}", "the", TEXT),
                of("{'mode':'driven','prompt':'" + TEXT + "','seed':5,'emit':'byte'," + regex + "}"));
    }

    private static List<OutputRecord> outputs(List<Told> records, PieceSize piece, int[] committed) throws IOException {
        DecodingSession session = new DecodingSession("s", piece);
        List<OutputRecord> outputs = new ArrayList<>();
        for (Told record : records) {
            outputs.addAll(session.send(record.op(), record.value()));
        }
        committed[0] = session.pieces();
        return outputs;
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void theOutputsOfPiecesAreThoseOfTheWhole(List<Told> records) throws IOException {
        int[] committed = new int[1];
        List<OutputRecord> expected = outputs(records, WHOLE, committed);
        int whole = committed[0];
        int pieces = 0;
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            PieceSize piece = new PieceSize(1 + random.nextInt(30), 500 + random.nextInt(20_000));
            assertThat(outputs(records, piece, committed))
                    .as("seed %d, %s", seed, piece)
                    .isEqualTo(expected);
            pieces += committed[0];
        }
        assertThat(pieces).as("pieces of all seeds").isGreaterThan(4 * whole);
    }

    private record Run(int pieces, int outputs, long mostHeldBytes, long mostAnnouncedBytes) {}

    private static Run run(SessionState opened, String text) throws IOException {
        Vocabulary english = english();
        AllSessionsLogic logic = new AllSessionsLogic(SessionDefaults.STANDARD, english, Long.MAX_VALUE, Runnable::run);
        BruteForceTrieLmService service = new BruteForceTrieLmService(english, new PortableModel(english.size()));
        InputRecord record =
                new InputRecord(new byte[] {'s'}, null, text.getBytes(UTF_8), new SourcePosition("in", 0, 1, 0));
        SessionState state = opened;
        int pieces = 0;
        int outputs = 0;
        long held = 0;
        long announced = 0;
        boolean goesOn = true;
        while (goesOn) {
            announced = Math.max(announced, logic.mostOutputBytes(state, record));
            Transition<SessionState> transition = logic.onRecord(state, record).run(service::expandAll);
            held = Math.max(
                    held,
                    transition.outputs().stream()
                            .mapToLong(HeldOutputs::bytesOf)
                            .sum());
            outputs += transition.outputs().size();
            pieces++;
            state = transition.state();
            goesOn = transition.goesOn();
        }
        return new Run(pieces, outputs, held, announced);
    }

    private static Vocabulary english() throws IOException {
        return RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
    }

    @Test
    void whatIsToldOfEveryByteIsHeldForAPieceOnly() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.open("{'emit':'byte','top':'all'}");
        Run run = run(Objects.requireNonNull(session.state()), "hello world ".repeat(250));
        assertThat(run.outputs()).isEqualTo(3000);
        assertThat(run.pieces()).isBetween(70, 80); // about 40 bytes each, 3.3 kB a byte
        assertThat(run.mostHeldBytes()).isLessThan((128 << 10) + 4096);
        assertThat(run.mostAnnouncedBytes()).isGreaterThanOrEqualTo(run.mostHeldBytes());
    }

    @Test
    void aChunkThatTellsLittleGoesByItsText() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.open("{'top':0}");
        Run run = run(Objects.requireNonNull(session.state()), "hello world ".repeat(250));
        assertThat(run.outputs()).isEqualTo(1);
        assertThat(run.pieces()).isEqualTo(6);
        assertThat(run.mostAnnouncedBytes()).isBetween(run.mostHeldBytes(), 1000L);
    }

    @Test
    void piecesCostNoEvaluationAndFewRequests() throws IOException {
        assertThatPiecesCostFew(new Emission(Emission.When.CHUNK, 5), 0.01);
        assertThatPiecesCostFew(new Emission(Emission.When.BYTE, 258), 0.1); // 40 bytes a piece
    }

    private static void assertThatPiecesCostFew(Emission emission, double share) throws IOException {
        long[] whole = costs(WHOLE, emission);
        long[] pieces = costs(PieceSize.STANDARD, emission);
        assertThat(pieces[0]).as("evaluations").isEqualTo(whole[0]);
        assertThat(pieces[1]).as("requests").isBetween(whole[1], (long) (whole[1] * (1 + share)));
    }

    /** Evaluations and requests of 4,800 bytes. */
    private static long[] costs(PieceSize piece, Emission emission) throws IOException {
        Vocabulary english = english();
        long[] requests = new long[1];
        try (EmbeddedTrieLmService service = EmbeddedTrieLmService.open(
                english,
                order -> new ReorderedModel(new PortableModel(english.size()), order),
                ServiceSettings.defaults())) {
            SessionDefaults defaults = new SessionDefaults(
                    5, 0.001, List.of(), true, BeamParams.UNLIMITED, BeamParams.UNLIMITED, emission, 1 << 20, true);
            ScoringLogic logic = new ScoringLogic(defaults, english, Long.MAX_VALUE, piece, RulesOnDemand.none());
            InputRecord record = new InputRecord(
                    new byte[] {'s'},
                    null,
                    "hello world ".repeat(400).getBytes(UTF_8),
                    new SourcePosition("in", 0, 1, 0));
            SessionState state = null;
            boolean goesOn = true;
            while (goesOn) {
                Transition<SessionState> transition = logic.onRecord(state, record)
                        .run(asked -> {
                            requests[0] += asked.size();
                            return asked.stream()
                                    .map(request -> service.expand(request).join())
                                    .toList();
                        });
                state = transition.state();
                goesOn = transition.goesOn();
            }
            return new long[] {service.statistics().evaluations(), requests[0]};
        }
    }
}
