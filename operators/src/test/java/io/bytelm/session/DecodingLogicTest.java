package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodingState.SavedDraft;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodingLogicTest {
    private static final String REGEX = "'constraint':{'kind':'regex','source':'([a-z]{3}, ){4,9}end'}";
    private DecodingSession session;

    @BeforeEach
    void open() throws IOException {
        session = new DecodingSession("s");
    }

    @Test
    void aDrivenSessionEndsWithATextThatSatisfiesItsConstraint() {
        Finished end = session.finished("{'mode':'driven','seed':3," + REGEX + ",'max_bytes':200}");
        assertThat(new String(end.output().bytes(), UTF_8)).matches("([a-z]{3}, ){4,9}end");
        assertThat(end.output().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(end.output().complete()).isTrue();
        assertThat(end.output().logLikelihood()).isNegative();
        assertThat(end.output().logWeight()).isEqualTo(end.logConstraintProbability());
        assertThat(end.particles()).isEmpty();
        assertThat(session.state()).isEqualTo(new SessionState.Ended());
        assertThat(session.pieces()).isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'mode':'driven'",
                "'mode':'driven','emit':'byte'",
                "'mode':'steered'",
                "'mode':'driven','prompt':'x'"
            })
    void whatALenientConstraintIgnoresIsSaidOnceBeforeAllElse(String mode) {
        String source =
                "{'type':'array','uniqueItems':true,'items':{'type':['array','null'],'maxItems':1},'maxItems':2}";
        String constraint = ",'constraint':{'kind':'json-schema','source':" + source + ",'lenient':true}}";
        List<OutputRecord> outputs = session.open("{" + mode + constraint);
        assertThat(outputs).hasSizeGreaterThan(1);
        assertThat(((Ignored) outputs.get(0)).ignored())
                .singleElement()
                .asString()
                .startsWith("#/uniqueItems: ");
        assertThat(((Ignored) outputs.get(0)).source()).isEqualTo(((Result) outputs.get(1)).source());
        assertThat(outputs).filteredOn(Ignored.class::isInstance).hasSize(1);
    }

    @Test
    void whereNothingIsIgnoredNothingIsSaidOfIt() {
        String constraint = "'constraint':{'kind':'json-schema','source':{'type':'null'},'lenient':true}";
        assertThat(session.open("{'mode':'driven'," + constraint + "}")).noneMatch(Ignored.class::isInstance);
    }

    @Test
    void everyEmissionTellsTheSameText() throws IOException {
        String terms = "{'mode':'driven','seed':5," + REGEX + ",'emit':'%s','top':3}";
        String text = session.text(terms.formatted("end"));
        for (String emit : List.of("byte", "chunk")) {
            List<OutputRecord> outputs = new DecodingSession("s").open(terms.formatted(emit));
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            int forced = 0;
            for (OutputRecord output : outputs.subList(0, outputs.size() - 1)) {
                Generated generated = (Generated) output;
                pieces.writeBytes(generated.piece());
                forced += generated.forcedBytes();
                assertThat(generated.bytes()).isEqualTo(pieces.size());
            }
            assertThat(pieces.toString(UTF_8)).as(emit).isEqualTo(text);
            assertThat(forced).as(emit).isGreaterThan(8);
            assertThat(new String(
                            ((Finished) outputs.get(outputs.size() - 1))
                                    .output()
                                    .bytes(),
                            UTF_8))
                    .isEqualTo(text);
        }
    }

    @Test
    void aByteIsToldWithTheDistributionItWasDrawnFrom() {
        Generated first = (Generated)
                session.open("{'mode':'driven','constraint':{'kind':'choices','source':['xyz','ab']},'emit':'byte'}")
                        .get(0);
        NextSymbols next = first.next();
        assertThat(next).isNotNull();
        assertThat(next.size()).isEqualTo(2);
        assertThat(Math.exp(next.logProbs()[0]) + Math.exp(next.logProbs()[1])).isCloseTo(1, within(1e-9));
        assertThat(first.logMask()).isNotNull().isNegative();
        assertThat(first.forcedBytes()).isEqualTo(first.piece().length - 1);
    }

    @Test
    void particlesComeWithWeightsAndOneOfThemIsTheOutput() {
        Finished end = session.finished("{'mode':'driven','particles':6,'seed':1," + REGEX + "}");
        assertThat(end.particles()).hasSize(6).contains(end.output());
        assertThat(end.effectiveSampleSize()).isBetween(1.0, 6.0 + 1e-9);
        assertThat(end.logConstraintProbability()).isNegative();
        assertThat(end.particles()).allMatch(p -> new String(p.bytes(), UTF_8).matches("([a-z]{3}, ){4,9}end"));
    }

    @Test
    void sessionsOfOneSeedAreIndependentAndRepeatable() throws IOException {
        String open = "{'mode':'driven','seed':9," + REGEX + "}";
        String text = session.text(open);
        assertThat(new DecodingSession("s").text(open)).isEqualTo(text);
        assertThat(new DecodingSession("another").text(open)).isNotEqualTo(text);
    }

    @Test
    void withoutAConstraintEosOrTheBudgetEndsTheOutput() {
        Finished end = session.finished("{'mode':'driven','greedy':true,'max_bytes':7,'prompt':'the '}");
        assertThat(end.output().bytes()).hasSize(7);
        assertThat(end.output().ending()).isEqualTo(Ending.BUDGET);
        Finished eos = session.finished("{'mode':'driven','eos_tokens':['e'],'max_bytes':9000,'seed':2}");
        assertThat(eos.output().ending()).isEqualTo(Ending.EOS);
    }

    @Test
    void aStopStringEndsTheOutput() {
        String text = session.text("{'mode':'driven','stop':['e',' q'],'seed':4,'max_bytes':4000}");
        assertThat(text)
                .satisfiesAnyOf(
                        t -> assertThat(t).endsWith("e"), t -> assertThat(t).endsWith(" q"));
    }

    @Test
    void aSteeredSessionTellsWhatMayCome() {
        Next first = session.next(
                "open", "{'mode':'steered','constraint':{'kind':'regex','source':'(ab|cd)+z'},'top':'all'}");
        assertThat(first.bytes()).isZero();
        assertThat(first.accepting()).isFalse();
        assertThat(first.forcedByte()).isNull();
        assertThat(first.fewestBytes()).isEqualTo(3);
        assertThat(first.logMask()).isNegative();
        Next second = session.next(null, "abc");
        assertThat(second.bytes()).isEqualTo(3);
        assertThat(second.forcedByte()).isEqualTo((int) 'd');
        assertThat(second.logLikelihood()).isNegative();
        Next last = session.next(null, "dz");
        assertThat(last.accepting()).isTrue();
        assertThat(last.fewestBytes()).isZero();
        Finished end = (Finished) session.send("end", "").get(0);
        assertThat(new String(end.output().bytes(), UTF_8)).isEqualTo("abcdz");
        assertThat(end.output().complete()).isTrue();
        assertThat(end.output().ending()).isNull();
    }

    @Test
    void aByteOutsideTheMaskIsADeadLetterThatChangesNothing() {
        session.open("{'mode':'steered','constraint':{'kind':'regex','source':'(ab|cd)+z'},'max_bytes':5}");
        session.send(null, "ab");
        SessionState before = session.state();
        DeadLetter letter = session.refused(null, "cx");
        assertThat(letter.reason()).isEqualTo("byte-not-allowed");
        assertThat(letter.message()).contains("byte 1 of the record, 120,").contains("3 bytes before it");
        assertThat(session.state()).isEqualTo(before);
        assertThat(session.refused(null, "cdab").reason()).isEqualTo("byte-not-allowed"); // no room for z
        assertThat(session.next(null, "cdz").accepting()).isTrue();
    }

    @Test
    void anotherCompilersPositionIsFoundAgainFromTheBytes() {
        session.open("{'mode':'steered','constraint':{'kind':'regex','source':'abcd'}}");
        session.send(null, "abc");
        Steered state = (Steered) Objects.requireNonNull(session.state());
        Terms terms = state.terms();
        Terms other = new Terms(
                terms.constraint(),
                terms.fingerprint() + 1,
                terms.sampler(),
                terms.stop(),
                terms.maxBytes(),
                terms.particles(),
                terms.emission(),
                terms.opened());
        SavedDraft draft = state.draft();
        SavedDraft unreadable =
                new SavedDraft(draft.reading(), draft.logProb(), draft.bytes(), new byte[] {9, 9, 9}, 0, 0, null);
        session.setState(new Steered(other, unreadable));
        assertThat(session.next(null, "d").accepting()).isTrue();

        Terms changed = new Terms(
                ConstraintSource.of(ConstraintKind.REGEX, "xyz"),
                0,
                terms.sampler(),
                terms.stop(),
                terms.maxBytes(),
                terms.particles(),
                terms.emission(),
                terms.opened());
        session.setState(new Steered(changed, unreadable));
        assertThat(((Finished) session.send("end", "").get(0)).output().ending())
                .isEqualTo(Ending.DEAD_END);
    }

    private Steered openedWith(String regex) {
        session.open("{'mode':'steered','constraint':{'kind':'regex','source':'a*'}}");
        Steered state = (Steered) Objects.requireNonNull(session.state());
        Terms terms = state.terms();
        Terms other = new Terms(
                ConstraintSource.of(ConstraintKind.REGEX, regex),
                terms.fingerprint(),
                terms.sampler(),
                terms.stop(),
                terms.maxBytes(),
                terms.particles(),
                terms.emission(),
                terms.opened());
        return new Steered(other, state.draft());
    }

    @Test
    void anOpenSessionGoesOnThoughItsConstraintIsOverTheLimitsOfANewOne() {
        String large = "x?a{0,110000}";
        session.setState(openedWith(large));
        assertThat(session.next(null, "aaa").accepting()).isTrue();
        assertThat(((Finished) session.send("end", "").get(0)).output().complete())
                .isTrue();
        DeadLetter letter =
                session.refused("open", "{'mode':'steered','constraint':{'kind':'regex','source':'" + large + "'}}");
        assertThat(letter.reason()).isEqualTo("constraint-refused");
        assertThat(letter.message()).contains("use smaller repetition counts");
    }

    @Test
    void aSessionWhoseConstraintIsNoneAnyMoreGetsDeadLettersUntilItIsEnded() {
        Steered broken = openedWith("(a");
        session.setState(broken);
        DeadLetter letter = session.refused(null, "a");
        assertThat(letter.reason()).isEqualTo("constraint-refused");
        assertThat(letter.message()).startsWith("the session's constraint: ").contains("send an end");
        assertThat(session.state()).isEqualTo(broken);
        assertThat(session.refused("end", "").reason()).isEqualTo("constraint-refused");
        assertThat(session.state()).isEqualTo(new SessionState.Ended());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref':'#/$defs/discount%'}",
                "{'multipleOf':1e999999999}",
                "{'multipleOf':1e99999999999}",
                "{'type':'object','minProperties':2147483647}",
                "{'enum':['\\ud83d']}",
            })
    void aSchemaThatNobodyCanMeetIsADeadLetter(String schema) {
        DeadLetter letter = session.refused(
                "open", "{'mode':'steered','constraint':{'kind':'json-schema','source':" + schema + "}}");
        assertThat(letter.reason()).isIn("constraint-refused", "malformed-open");
        assertThat(session.state()).isNull();
    }

    @Test
    void aSessionThatHasDecodedMayScoreNext() {
        session.text("{'mode':'driven'," + REGEX + "}");
        assertThat(session.refused(null, "abc").reason()).isEqualTo("session-ended");
        assertThat(session.open("{}")).isEmpty();
        assertThat(session.send(null, "abc").get(0)).isInstanceOf(Score.class);
        assertThat(session.refused("open", "{'mode':'driven'}").reason()).isEqualTo("already-open");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    {'mode':'sideways'} ~ malformed-open ~ "driven", "steered"
                    {'mode':'steered','seed':1} ~ malformed-open ~ the client chooses
                    {'mode':'driven','temperature':-1} ~ malformed-open ~ "temperature"
                    {'mode':'driven','greedy':true,'temperature':1} ~ malformed-open ~ both
                    {'mode':'driven','top_p':0} ~ malformed-open ~ "top_p"
                    {'mode':'driven','seed':1.5} ~ malformed-open ~ whole number
                    {'mode':'driven','max_bytes':0} ~ malformed-open ~ from 1 to 65536
                    {'mode':'driven','particles':3,'emit':'byte'} ~ malformed-open ~ particle
                    {'mode':'driven','stop':['']} ~ malformed-open ~ empty
                    {'mode':'driven','constraint':'a+'} ~ malformed-open ~ a JSON object of
                    {'mode':'driven','constraint':{}} ~ malformed-open ~ choices, regex, json, json-schema, gbnf, lark
                    {'mode':'driven','constraint':{'kind':'xml'}} ~ malformed-open ~ "json-schema"
                    {'mode':'driven','constraint':{'kind':'regex'}} ~ malformed-open ~ kind regex has no "source"
                    {'mode':'driven','constraint':{'kind':'gbnf','source':null}} ~ malformed-open ~ "source" is null; allowed is a text
                    {'mode':'driven','constraint':{'kind':'json','whitespace':{'pattern':''}}} ~ malformed-open ~ leave it out
                    {'mode':'driven','constraint':{'kind':'regex','source':'a','whitespace':true}} ~ malformed-open ~ no option
                    {'mode':'driven','constraint':{'kind':'json','whitespace':1}} ~ malformed-open ~ true, false, or {"max": bytes
                    {'mode':'driven','constraint':{'kind':'json','whitespace':{}}} ~ malformed-open ~ neither "max" nor "pattern"
                    {'mode':'driven','constraint':{'kind':'json','whitespace':{'max':1001}}} ~ malformed-open ~ from 0 to 1000
                    {'mode':'driven','constraint':{'kind':'json','whitespace':{'least':1}}} ~ malformed-open ~ max, pattern
                    {'mode':'driven','constraint':{'kind':'json','whitespace':{'pattern':' '}}} ~ constraint-refused ~ empty text
                    {'mode':'driven','constraint':{'kind':'json','separators':{'item':';'}}} ~ constraint-refused ~ /separators: the separator between items
                    {'mode':'driven','constraint':{'kind':'json','escapes':'all'}} ~ constraint-refused ~ minimal, slash, ascii, any
                    {'mode':'driven','constraint':{'kind':'regex','source':'(a'}} ~ constraint-refused ~ position
                    {'mode':'driven','constraint':{'kind':'json-schema','source':{'type':'widget'}}} ~ constraint-refused ~ widget
                    {'mode':'driven','constraint':{'kind':'regex','source':'a{30}'},'max_bytes':29} ~ budget-too-small ~ 30 bytes
                    {'mode':'driven','particles':129} ~ over-limit ~ "particles" is 129; this job allows at most 128 (--max-particles)
                    {'mode':'steered','k':65} ~ over-limit ~ field "k" is 65; this job allows at most 64 (--max-k)
                    {'mode':'driven','k':64,'particles':17} ~ over-limit ~ makes 1088 requests a round; this job allows at most 1024 (--max-requests-per-round)
                    {'mode':'driven','colour':1} ~ malformed-open ~ unknown field
                    {'mode':'driven', ~ malformed-open ~ not a JSON object
                    """)
    void whatCannotBeOpenedIsADeadLetter(String open, String reason, String said) {
        DeadLetter letter = session.refused("open", open);
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.message()).contains(said).hasLineCount(1);
        assertThat(session.state()).isNull();
    }
}
