package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.ServiceAnswers;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Cursor;
import io.bytelm.decode.Ending;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRequest;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TokenizerRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding sessions over the canonical tokenizations of the bundled tokenizer, whose states are stored after every piece. */
class CanonicalDecodingSessionTest {
    private static final String REGEX = "'constraint':{'kind':'regex','source':'([a-z]{3}, ){2,5}end'}";
    private static final String CANONICAL = "'tokenizations':'canonical',";
    private static final double SAME = 1e-6;

    private static Vocabulary vocabulary;
    private static EmbeddedTrieLmService service;

    @BeforeAll
    static void openService() {
        vocabulary = VocabularyReader.fromModelDirectory(BundledModel.directory());
        service = EmbeddedTrieLmService.open(
                vocabulary,
                order -> new ReorderedModel(new PortableModel(vocabulary.size()), order),
                new CompletableFuture<>(),
                TokenizerRules.of(CanonicalRulesReader.fromModelDirectory(BundledModel.directory(), vocabulary)),
                ServiceSettings.defaults().withoutSpeculation());
    }

    @AfterAll
    static void closeService() {
        service.close();
    }

    private static DecodingSession session(PieceSize piece) {
        return session(SessionDefaults.STANDARD, piece);
    }

    private static DecodingSession session(SessionDefaults defaults, PieceSize piece) {
        AllSessionsLogic logic = new AllSessionsLogic(defaults, service, piece, Runnable::run);
        return new DecodingSession("s", logic, new ServiceAnswers(service));
    }

    private static DecodingSession session() {
        return session(PieceSize.STANDARD);
    }

    private static boolean accepts(String open, byte[] output) throws Exception {
        byte[] json = open.replace('\'', '"').getBytes(UTF_8);
        DecodeRequest request =
                DecodeRequest.parse(json, SessionDefaults.STANDARD.decodeRequest(vocabulary), vocabulary);
        Cursor cursor = Objects.requireNonNull(request.constraint())
                .compile(CompileBudget.start(CompileLimits.DEFAULT))
                .start();
        for (byte next : output) {
            cursor = cursor == null ? null : cursor.step(next & 0xFF);
        }
        return cursor != null && cursor.accepting();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'kind':'choices','source':['grey','green','blue and grey']}",
                "{'kind':'regex','source':'(19|20)[0-9]{2}-(0[1-9]|1[0-2])'}",
                "{'kind':'json'}",
                "{'kind':'json-schema','source':{'type':'object','properties':{'a':{'type':'integer'},"
                        + "'name':{'type':'string','maxLength':9}},'required':['name'],'additionalProperties':false}}",
                "{'kind':'gbnf','source':'root ::= term (\\u0022+\\u0022 term)*\\nterm ::= [0-9] | \\u0022(\\u0022 root \\u0022)\\u0022'}",
                "{'kind':'literal','text':'Grüße, 日本語'}",
                "{'kind':'literal','text_hex':'00ff80'}",
                "{'kind':'text','until':'e','utf8':true}",
                "{'kind':'sequence','items':['On ',{'kind':'regex','source':'[0-9]{1,2}'},{'kind':'optional','item':' May'}]}",
                "{'kind':'alternative','items':['yes','no',{'kind':'repeat','item':'x','min':2,'max':5}]}",
                "{'kind':'regions','min':1,'max':2,'triggers':[{'begin':'<d>','end':'</d>','item':{'kind':'regex','source':'[0-9]{3}'}}]}",
                "{'kind':'openai','response_format':{'type':'json_object'}}"
            })
    void everyKindOfConstraintIsSatisfied(String constraint) throws Exception {
        for (int seed = 0; seed < 3; seed++) {
            String open = "{'mode':'driven'," + CANONICAL + "'seed':" + seed + ",'max_bytes':60,'constraint':"
                    + constraint + "}";
            Finished end = session().finished(open);
            assertThat(accepts(open, end.output().bytes()))
                    .as("%s: %s", open, new String(end.output().bytes(), UTF_8))
                    .isTrue();
            assertThat(end.output().complete()).isTrue();
            assertThat(end.output().logLikelihoodUpper()).isEqualTo(end.output().logLikelihood());
            assertThat(end.output().logWeight()).isEqualTo(end.logConstraintProbability());
        }
    }

    @Test
    void aTextThatTheTokenizerWritesHasAProbabilityAlsoWhereABeamWouldDrop() {
        Finished end = session()
                .finished("{'mode':'driven'," + CANONICAL
                        + "'constraint':{'kind':'choices','source':['Once upon a time there was']},'eos_tokens':[]}");
        assertThat(end.output().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(end.output().logLikelihood()).isNegative().isGreaterThan(Double.NEGATIVE_INFINITY);
    }

    @Test
    void particlesComeWithWeightsAndBothEndsOfTheirLikelihoods() {
        Finished end = session()
                .finished("{'mode':'driven'," + CANONICAL + "'defer':0.1,'particles':5,'seed':1," + REGEX + "}");
        assertThat(end.particles()).hasSize(5).contains(end.output());
        assertThat(end.effectiveSampleSize()).isBetween(1.0, 5.0 + 1e-9);
        assertThat(end.particles())
                .allMatch(p -> new String(p.bytes(), UTF_8).matches("([a-z]{3}, ){2,5}end"))
                .allMatch(p -> Objects.requireNonNull(p.logLikelihoodUpper()) >= p.logLikelihood());
    }

    @Test
    void everyEmissionTellsTheSameTextAndNumbers() {
        String terms = "{'mode':'driven','seed':5," + CANONICAL + REGEX + ",'emit':'%s','top':3}";
        Finished expected = session().finished(terms.formatted("end"));
        for (String emit : List.of("byte", "chunk")) {
            List<OutputRecord> outputs = session().open(terms.formatted(emit));
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            for (OutputRecord output : outputs.subList(0, outputs.size() - 1)) {
                Generated generated = (Generated) output;
                pieces.writeBytes(generated.piece());
                assertThat(generated.logLikelihoodUpper()).isEqualTo(generated.logLikelihood());
            }
            assertThat(pieces.toByteArray()).isEqualTo(expected.output().bytes());
            assertThat(outputs.get(outputs.size() - 1)).isEqualTo(expected);
        }
    }

    @Test
    void stopStringsAndEndTokensEndAnOutput() {
        Finished stopped =
                session().finished("{'mode':'driven'," + CANONICAL + "'stop':['e','a'],'seed':4,'max_bytes':4000}");
        assertThat(new String(stopped.output().bytes(), UTF_8)).containsPattern("[ea]$");
        assertThat(stopped.output().ending()).isEqualTo(Ending.STOP);
        String choices = "'constraint':{'kind':'choices','source':['a','ab']}}";
        Finished whole = session().finished("{'mode':'driven'," + CANONICAL + "'eos_tokens':[]," + choices);
        Finished ended = session().finished("{'mode':'driven'," + CANONICAL + "'eos_tokens':['e']," + choices);
        assertThat(whole.output().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(ended.output().ending()).isIn(Ending.EOS, Ending.COMPLETE);
        assertThat(ended.output().logLikelihood())
                .isLessThan(whole.output().logLikelihood() - 2)
                .isGreaterThan(Double.NEGATIVE_INFINITY);
    }

    @Test
    void whatMayComeNextDoesNotDependOnHowTheBytesAreCut() {
        String text = "one, two, ten, end";
        String open = "{'mode':'steered'," + CANONICAL + "'prompt':'Count: ','top':'all'," + REGEX + "}";
        for (int seed = 0; seed < 8; seed++) {
            Random random = new Random(seed);
            DecodingSession whole = session();
            DecodingSession cut = session(new PieceSize(1 + random.nextInt(4), 1 << 20));
            whole.next("open", open);
            cut.next("open", open);
            int to = 1 + random.nextInt(text.length());
            Next expected = whole.next(null, text.substring(0, to));
            Next found = expected;
            for (int from = 0; from < to; ) {
                int end = from + 1 + random.nextInt(to - from);
                found = cut.next(null, text.substring(from, end));
                from = end;
            }
            assertThat(found.bytes()).isEqualTo(to);
            assertThat(found.logLikelihood()).isCloseTo(expected.logLikelihood(), within(SAME));
            assertThat(found.logLikelihoodUpper()).isCloseTo(expected.logLikelihood(), within(SAME));
            assertThat(found.logMask()).isCloseTo(expected.logMask(), within(SAME));
            assertThat(found.accepting()).isEqualTo(expected.accepting());
        }
    }

    @Test
    void inAPromptTheNamesOfSpecialTokensAreThoseTokensAndAfterItTheyAreText() {
        String eos = "<|endoftext|>";
        Next asToken = session().next("open", "{'mode':'steered'," + CANONICAL + "'prompt':'A." + eos + "','top':3}");
        DecodingSession begun = session();
        begun.next("open", "{'mode':'steered'," + CANONICAL + "'prompt':'A.','top':3}");
        Next asText = begun.next(null, eos);
        assertThat(asText.logLikelihood()).isNegative().isGreaterThan(Double.NEGATIVE_INFINITY);
        assertThat(asText.next()).isNotEqualTo(asToken.next());
    }

    @Test
    void aLongPromptInPiecesIsReadAsOneThatIsReadAtOnce() {
        String open = "{'mode':'steered'," + CANONICAL + "'prompt':'" + "The end. It was 1889!  ".repeat(20) + "'}";
        Next whole = session().next("open", open);
        DecodingSession inPieces = session(new PieceSize(16, 1 << 20));
        Next found = inPieces.next("open", open);
        assertThat(inPieces.pieces()).isGreaterThan(3);
        assertThat(found.next())
                .isNotNull()
                .satisfies(next -> assertThat(next.symbols())
                        .isEqualTo(Objects.requireNonNull(whole.next()).symbols()));
        assertThat(found.logMask()).isCloseTo(whole.logMask(), within(SAME));
    }

    @Test
    void theJobsTokenizationsAreThoseOfDecodingSessionsToo() {
        SessionDefaults canonical = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, 0.05);
        assertThat(session(canonical, PieceSize.STANDARD)
                        .next("open", "{'mode':'steered'}")
                        .logLikelihoodUpper())
                .isNotNull();
        assertThat(session(canonical, PieceSize.STANDARD)
                        .next("open", "{'mode':'steered','tokenizations':'all'}")
                        .logLikelihoodUpper())
                .isNull();
    }

    @Test
    void whatTheModelDoesNotOfferIsADeadLetterThatSaysWhy() throws IOException {
        DeadLetter letter = new DecodingSession("s").refused("open", "{'mode':'driven','tokenizations':'canonical'}");
        assertThat(letter.reason()).isEqualTo("no-canonical-tokenizations");
        assertThat(letter.message()).contains("set \"tokenizations\" to \"all\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'k':5", "'prune_threshold':0.1", "'heal':true", "'defer':1"})
    void whatMeansNothingIsRefused(String field) {
        DeadLetter letter = session().refused("open", "{'mode':'driven'," + CANONICAL + field + "}");
        assertThat(letter.reason()).isEqualTo("malformed-open");
        assertThat(letter.message()).contains("\"" + field.substring(1, field.indexOf(':') - 1) + "\"");
    }

    @Test
    void aSessionOfAnotherTokenizerIsNotGoneOnWithAndEnds() throws IOException {
        DecodingSession begun = session();
        begun.next("open", "{'mode':'steered'," + CANONICAL + "'top':1}");
        begun.next(null, "the e");
        DecodingSession resumed = new DecodingSession("s");
        resumed.setState(Objects.requireNonNull(begun.state()));
        assertThat(resumed.refused(null, "nd").reason()).isEqualTo("tokenizer-changed");
        assertThat(resumed.state()).isInstanceOf(Steered.class);
        assertThat(resumed.refused("end", "").reason()).isEqualTo("tokenizer-changed");
        assertThat(resumed.state()).isEqualTo(new Ended());
    }
}
