package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.wire.ResultJson;
import io.bytelm.record.wire.SourceFields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An end that brings bytes says what a record of these bytes and an end without any say. */
class LastBytesTest {
    private static final String TEXT = "the end. Grüße, hello world, the end! ";
    private static final String STEERED =
            "{'mode':'steered','top':3,'constraint':{'kind':'regex','source':'([a-z]{3}, ){2,9}end'}}";

    private record Told(@Nullable String op, String value) {}

    /** The last one is the end's. */
    private static List<Told> told(@Nullable String open, String... values) {
        List<Told> told = new ArrayList<>();
        if (open != null) {
            told.add(new Told("open", open.replace('\'', '"')));
        }
        Stream.of(values).map(value -> new Told(null, value)).forEach(told::add);
        return told;
    }

    static Stream<List<Told>> sessions() {
        return Stream.of(
                told(null, TEXT), // a session of its own
                told(null, TEXT, TEXT.repeat(3)),
                told("{'emit':'byte','top':'all'}", "the", TEXT),
                told("{'emit':'end','top':0}", TEXT),
                told("{'prompt':'hello','eos_tokens':['.']}", "the"),
                told("{'k':1,'eos_tokens':['!','.'],'heal':false}", TEXT), // a dead end among the last bytes
                told("{'k':1,'prompt':'!!','eos_tokens':['!','.'],'heal':false}", "the"),
                told(STEERED, "one, ", "two, end"),
                told(STEERED, "one, two"),
                told("{'mode':'steered','emit':'chunk'}", "", TEXT));
    }

    private static List<String> said(List<Told> records, PieceSize piece) throws IOException {
        DecodingSession session = new DecodingSession("s", piece);
        List<String> said = new ArrayList<>();
        for (Told record : records) {
            for (OutputRecord output : session.send(record.op(), record.value())) {
                assertThat(output).isInstanceOf(Result.class);
                said.add(new String(ResultJson.write((Result) output, null, SourceFields.LEFT_OUT), UTF_8));
            }
        }
        assertThat(session.state()).isEqualTo(new Ended());
        return said;
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void isLikeARecordOfThemAndAnEndWithoutAny(List<Told> records) throws IOException {
        List<Told> apart = new ArrayList<>(records);
        apart.add(new Told("end", ""));
        List<String> expected = said(apart, PieceSize.STANDARD);
        List<Told> together = new ArrayList<>(records);
        together.add(new Told("end", together.remove(together.size() - 1).value()));

        assertThat(said(together, PieceSize.STANDARD)).isEqualTo(expected);
        assertThat(said(together, new PieceSize(3, 1 << 20))).isEqualTo(expected);
    }

    @Test
    void itsOutputsAllAnswerTheOneRecord() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.send(null, "the");
        assertThat(session.send("end", "end"))
                .hasSize(2)
                .allSatisfy(
                        output -> assertThat(((Score) output).source().offset()).isEqualTo(1));
    }

    @Test
    void anEndWithoutBytesOrASessionIsStillADeadLetter() throws IOException {
        assertThat(new DecodingSession("s").refused("end", "").reason()).isEqualTo("not-open");
    }

    @Test
    void bytesForASessionThatHasEndedAreNotScored() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.send("end", "the");
        List<OutputRecord> outputs = session.send("end", "late");
        assertThat(outputs).singleElement().isInstanceOf(DeadLetter.class);
        assertThat(((DeadLetter) outputs.get(0)).reason()).isEqualTo("session-ended");
    }

    @Test
    void afterADeadEndTheSessionEndsAndTheBytesAreADeadLetter() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.open("{'k':1,'eos_tokens':['!','.'],'heal':false}");
        session.send(null, TEXT);
        assertThat(session.state()).isInstanceOf(DeadEnd.class);
        List<OutputRecord> outputs = session.send("end", "more");
        assertThat(((Score) outputs.get(0)).event()).isEqualTo(Event.END);
        assertThat(outputs.get(1)).isInstanceOfSatisfying(DeadLetter.class, letter -> {
            assertThat(letter.reason()).isEqualTo("session-dead-end");
            assertThat(letter.message()).contains("has ended with this record", "were not scored");
        });
        assertThat(outputs).hasSize(2);
        assertThat(session.state()).isEqualTo(new Ended());
    }

    @Test
    void bytesThatASteeredSessionDoesNotAllowLeaveItOpen() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.open(STEERED);
        session.send(null, "one, ");
        SessionState before = session.state();
        DeadLetter letter = session.refused("end", "two, END");
        assertThat(letter.reason()).isEqualTo("byte-not-allowed");
        assertThat(letter.message()).contains("byte 5 of the record", "the session has not ended");
        assertThat(session.state()).isEqualTo(before);
        List<OutputRecord> outputs = session.send("end", "two, end");
        Finished end = (Finished) outputs.get(outputs.size() - 1);
        assertThat(new String(end.output().bytes(), UTF_8)).isEqualTo("one, two, end");
        assertThat(end.output().complete()).isTrue();
    }

    /** As a driven session is left whose open became a dead letter in the middle. */
    @Test
    void aDrivenSessionTakesNoBytesButEnds() throws IOException {
        DecodingSession session = new DecodingSession("s");
        session.stopAfterPieces(1);
        session.open("{'mode':'driven','seed':3,'max_bytes':400}");
        assertThat(Objects.requireNonNull(session.state())).isInstanceOf(Driven.class);
        List<OutputRecord> outputs = session.send("end", "bytes");
        assertThat(outputs.get(0)).isInstanceOf(Finished.class);
        assertThat(outputs.get(1))
                .isInstanceOfSatisfying(
                        DeadLetter.class, letter -> assertThat(letter.reason()).isEqualTo("session-driven"));
        assertThat(session.state()).isEqualTo(new Ended());
    }
}
