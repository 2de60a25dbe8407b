package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compositions in sessions, whose state is written and read again after every piece. */
class ComposedSessionTest {
    private static final String TOOL =
            "'constraint':{'kind':'regions','min':1,'max':1,'utf8':true,'triggers':[{'begin':'<call>',"
                    + "'item':{'kind':'json-schema','source':{'type':'object','properties':{'n':{'type':'integer'}},"
                    + "'required':['n'],'additionalProperties':false}},'end':'</call>'}]}";
    private DecodingSession session;

    @BeforeEach
    void open() throws IOException {
        session = new DecodingSession("s");
    }

    @Test
    void aDrivenSessionIsStoredAfterEveryPieceAndEndsWithACall() {
        Finished end = session.finished("{'mode':'driven','seed':5," + TOOL + ",'max_bytes':120,'emit':'byte'}");
        assertThat(new String(end.output().bytes(), UTF_8)).containsPattern("<call>\\{\"n\":-?\\d+\\}</call>");
        assertThat(end.output().complete()).isTrue();
        assertThat(session.pieces()).isGreaterThan(1);
    }

    @Test
    void particlesEachEndWithACall() {
        Finished end = session.finished("{'mode':'driven','particles':4,'seed':1," + TOOL + ",'max_bytes':60}");
        assertThat(end.particles())
                .hasSize(4)
                .allSatisfy(particle -> assertThat(new String(particle.bytes(), UTF_8))
                        .containsPattern("<call>\\{\"n\":-?\\d+\\}</call>"));
    }

    @Test
    void aSteeredSessionGoesOnInAnotherProcessFromWhatItStored() throws IOException {
        session.open("{'mode':'steered'," + TOOL + "}");
        session.send(null, "so <call>{\"n\":1");
        SessionState stored = session.state();
        assertThat(stored).isInstanceOf(Steered.class);
        DecodingSession resumed = new DecodingSession("s");
        resumed.setState(stored);
        Next next = resumed.next(null, "7}</call");
        assertThat(next.forcedByte()).isEqualTo((int) '>');
        assertThat(next.fewestBytes()).isEqualTo(1);
        DeadLetter refused = resumed.refused(null, "x");
        assertThat(refused.reason()).isEqualTo("byte-not-allowed");
        assertThat(resumed.next(null, "> ok").accepting()).isTrue();
    }

    @Test
    void aRefusedCompositionIsADeadLetterWithItsPlace() {
        DeadLetter letter = session.refused(
                "open", "{'mode':'driven','constraint':{'kind':'sequence','items':['a',{'kind':'repeat','item':7}]}}");
        assertThat(letter.reason()).isEqualTo("constraint-refused");
        assertThat(letter.message())
                .isEqualTo(
                        "open: constraint: /items/1/item: it is 7; allowed is an object with a \"kind\", or a text for"
                                + " a literal");
        DeadLetter unknown = session.refused("open", "{'mode':'driven','constraint':{'kind':'sequenc'}}");
        assertThat(unknown.message()).contains("\"json-schema\", \"gbnf\", \"lark\", \"sequence\", \"alternative\"");
    }

    @Test
    void theReadmesExampleEndsWithARegion() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        int from = readme.indexOf("{\"mode\": \"driven\", \"prompt\": \"What is the weather");
        String example = readme.substring(from, readme.indexOf("\n\n", from));
        Finished end = session.finished(example);
        assertThat(end.output().complete()).isTrue();
        assertThat(new String(end.output().bytes(), UTF_8)).containsPattern("</(weather|clock)>");
    }
}
