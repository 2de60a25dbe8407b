package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.DeadEndKind;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.decode.Ending;
import io.bytelm.dist.Symbols;
import io.bytelm.record.Alert;
import io.bytelm.record.Anomaly;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.InputRecord;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.record.wire.Shortening.Keeps;
import io.bytelm.span.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever a consumer may find in a record, the README says what it is. */
class ReadmeFieldsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SourcePosition SOURCE = new SourcePosition("in", 0, 1, 2);
    private static final byte[] NO_TEXT = {(byte) 0xFF};
    private static final byte[] LONG = "x".repeat(300).getBytes(UTF_8);
    private static final NextSymbols NEXT =
            new NextSymbols(new int[] {'a', Symbols.EOS}, new double[] {-1, Double.NEGATIVE_INFINITY});

    private static String readme;

    @BeforeAll
    static void readReadme() throws IOException {
        String all = Files.readString(Path.of("../README.md"));
        readme = all.substring(all.indexOf("\n## Records"), all.indexOf("\n## Commands"));
    }

    private static List<Result> results() {
        Output output = new Output(NO_TEXT, Ending.STOP, true, -1, -0.5, -1);
        List<Result> results = new ArrayList<>();
        for (Event event : Event.values()) {
            Score score = new Score(NO_TEXT, event, 1, 1, -1, -1, -0.5, NEXT, -1.0, 7, true, SOURCE);
            results.add(new Restarted(score, Restarted.MODEL_CHANGED));
            results.add(new Score(
                    NO_TEXT, event, 2, 1, 1, -1, -1, -0.5, NEXT, -1.0, 7, DeadEndKind.NO_TOKEN, true, SOURCE, null));
        }
        results.add(new Generated(LONG, 1, NO_TEXT, 0, -1, -0.5, -1, -1.0, NEXT, false, SOURCE));
        results.add(new Next(LONG, 1, true, 7, 0, -1, -0.5, -1, NEXT, false, SOURCE));
        CandidateScores scores = new CandidateScores(List.of(NO_TEXT), new double[] {-1}, new double[] {-0.5}, 1);
        results.add(new CandidatesRecord(LONG, 1, -1, scores, true, SOURCE));
        results.add(new Finished(LONG, output, List.of(output, output), 1, -1, false, SOURCE));
        Span cut = new Span(0, 0, 9, NO_TEXT, -1, -1.0);
        results.add(new SpanScore(LONG, cut, false, SOURCE));
        results.add(new Alert(new Score(NO_TEXT, Event.BYTE, 1, 1, -1, -1, null, null, null, false, SOURCE)));
        results.add(new ToldTokens(LONG, List.of(new Token(1, 0, 1)), false, SOURCE));
        results.add(new Score(NO_TEXT, Event.BYTE, 1, 1, -1, -1, null, null, null, false, SOURCE)
                .with(new Anomaly(1, 2.0, 3.0)));
        return results;
    }

    private static void addNames(JsonNode node, Set<String> names) {
        node.fieldNames().forEachRemaining(names::add);
        node.forEach(child -> addNames(child, names));
    }

    @Test
    void everyFieldAndEventOfWhatSessionsSay() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Result result : results()) {
            List<JsonNode> written = new ArrayList<>(List.of(JSON.readTree(ResultJson.write(result))));
            for (Keeps keeps : Keeps.values()) {
                Shortening shortening = new Shortening(keeps, 9, 8);
                written.add(JSON.readTree(ResultJson.write(result, shortening, SourceFields.WRITTEN)));
            }
            for (JsonNode record : written) {
                addNames(record, names);
                names.add(record.get("event").asText());
            }
        }
        for (Ending ending : Ending.values()) {
            names.add(ending.name().toLowerCase(Locale.ROOT));
        }
        names.add(DecodeJson.reason(null));
        for (DeadEndKind kind : DeadEndKind.values()) {
            names.add(kind.word());
        }
        assertThat(names).hasSizeGreaterThan(40).allMatch(name -> readme.contains("`" + name + "`"));
    }

    @Test
    void everyHeaderThatADeadLetterMayHave() {
        InputRecord input = new InputRecord(null, "o", "1", new byte[9], SOURCE);
        Set<String> names = new TreeSet<>(
                DeadLetterHeaders.added(new DeadLetter(input, "r", "m", 3, "e")).keySet());
        DeadLetterHeaders.kept(input).forEach(header -> names.add(header.name()));
        for (String part : List.of(DeadLetterHeaders.VALUE, DeadLetterHeaders.HEADERS)) {
            names.add(DeadLetterHeaders.bytesOf(part));
            names.add(DeadLetterHeaders.cutOf(part));
        }
        names.add(DeadLetterHeaders.bytesOf(DeadLetterHeaders.OP));
        names.add(DeadLetterHeaders.bytesOf(DeadLetterHeaders.KEY));
        assertThat(names).hasSizeGreaterThan(14).allMatch(ReadmeFieldsTest::isNamed);
    }

    /** The last part of a name may stand for the whole one behind another with the same beginning. */
    private static boolean isNamed(String header) {
        String end = header.substring(header.lastIndexOf('.'));
        String beginning = "`" + header.substring(0, header.lastIndexOf('.')) + ".";
        return readme.contains("`" + header + "`") || (readme.contains(beginning) && readme.contains("`" + end + "`"));
    }
}
