package io.bytelm.job.likelihood.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Windows of documents over canonical tokenizations: the three ways in which they are read, and a tree for each window. */
class CanonicalWindowsTest {
    private static final double CLOSE = 1e-9;
    private static final Windows WINDOWS = new Windows(9, 4);
    private static final int REQUESTS_AT_ONCE = 1;
    private static final int DOCUMENTS = 20;
    private static final int ALL_ARE_LONG = 0;
    private static final int NONE_IS_LONG = Integer.MAX_VALUE;

    private final BruteForceTrieLmService service = new BruteForceTrieLmService(
            CanonicalDocumentsTest.VOCABULARY, new PortableModel(CanonicalDocumentsTest.VOCABULARY.size()));

    private static byte[] text(Random random) {
        StringBuilder text = new StringBuilder();
        random.ints(10 + random.nextInt(20), 0, 4).forEach(letter -> text.append("abcd".charAt(letter)));
        return text.toString().getBytes(UTF_8);
    }

    private WindowScoring.Result read(
            DocumentInFlight document, Window window, double defer, long contextTokens, int longBytes) {
        CanonicalParams params = new CanonicalParams(defer, new int[0]);
        return new CanonicalWindows(
                        CanonicalDocumentsTest.rules(),
                        params,
                        contextTokens,
                        new byte[0],
                        REQUESTS_AT_ONCE,
                        longBytes,
                        false)
                .read(document, window)
                .run(service::expandAll);
    }

    private static DocumentInFlight document(byte[] text, boolean everyByte) {
        return new DocumentInFlight(
                Item.document("in", 0, "in:0", text, text.length), WINDOWS, everyByte, WordEnds.NONE);
    }

    private double logProb(byte[] text, int from, int to) {
        CanonicalTree start =
                CanonicalTree.initial(CanonicalDocumentsTest.rules(), CanonicalParams.exact(), EosMode.WITH_EOS);
        return start.read(Arrays.copyOfRange(text, from, to))
                .run(service::expandAll)
                .logProb()
                .logLower();
    }

    @Test
    void aWindowCountsItsBytesAfterItsOwnContextHoweverItIsRead() {
        int truncated = 0;
        for (long seed = 0; seed < DOCUMENTS; seed++) {
            Random random = new Random(seed);
            byte[] text = text(random);
            long contextTokens = 2 + random.nextInt(8);
            for (Window window : WINDOWS.of(text.length)) {
                double expected =
                        logProb(text, window.from(), window.to()) - logProb(text, window.from(), window.scoredFrom());
                WindowScoring.Result atOnce = read(document(text, false), window, 0, contextTokens, NONE_IS_LONG);
                WindowScoring.Result everyByte = read(document(text, true), window, 0, contextTokens, NONE_IS_LONG);
                WindowScoring.Result inStretches = read(document(text, false), window, 0, contextTokens, ALL_ARE_LONG);
                for (WindowScoring.Result result : new WindowScoring.Result[] {atOnce, everyByte, inStretches}) {
                    String place = "seed " + seed + ", " + window;
                    assertThat(result.logLikelihood()).as(place).isCloseTo(expected, within(CLOSE));
                    assertThat(result.read()).as(place).isEqualTo(window.to());
                    assertThat(result.truncatedBytes()).as(place).isEqualTo(atOnce.truncatedBytes());
                }
                truncated += atOnce.truncatedBytes();
            }
        }
        assertThat(truncated).isPositive();
    }

    @Test
    void aByteWithoutATokenIsNamedHoweverTheWindowIsRead() {
        byte[] text = "cabdcabb".getBytes(UTF_8);
        for (int dead = 0; dead < text.length; dead++) {
            byte[] broken = text.clone();
            broken[dead] = CanonicalDocumentsTest.WITHOUT_TOKEN;
            Window window = new Window(0, 3, text.length);
            assertThat(read(document(broken, false), window, 0, 9, NONE_IS_LONG).read())
                    .isEqualTo(dead + 1);
            assertThat(read(document(broken, true), window, 0, 9, NONE_IS_LONG).read())
                    .isEqualTo(dead + 1);
            assertThat(read(document(broken, false), window, 0, 9, ALL_ARE_LONG))
                    .isEqualTo(WindowScoring.Result.deadAt(dead + 1));
        }
    }

    @Test
    void theScoresOfBytesAddUpToTheLowerEndOfWhatIsCertified() {
        double widest = 0;
        for (long seed = 0; seed < DOCUMENTS; seed++) {
            byte[] text = text(new Random(seed));
            DocumentInFlight document = document(text, true);
            double lower = 0;
            for (Window window : WINDOWS.of(text.length)) {
                double exact = read(document(text, false), window, 0, Long.MAX_VALUE, NONE_IS_LONG)
                        .logLikelihood();
                WindowScoring.Result deferred = read(document, window, 0.3, Long.MAX_VALUE, NONE_IS_LONG);
                assertThat(exact)
                        .as("seed %s, %s", seed, window)
                        .isBetween(deferred.logLikelihood() - CLOSE, deferred.logLikelihoodUpper() + CLOSE);
                widest = Math.max(widest, deferred.logLikelihoodUpper() - deferred.logLikelihood());
                lower += deferred.logLikelihood();
            }
            assertThat(DoubleStream.of(document.byteLogProbs()).sum())
                    .as("seed %s", seed)
                    .isCloseTo(lower, within(CLOSE));
        }
        assertThat(widest).isPositive();
    }

    private WindowScoring.Result readOn(DocumentInFlight document, Window window, boolean ofAll, int longBytes) {
        WindowReader reader = ofAll
                ? new BeamWindows(BeamParams.of(5, 0), Long.MAX_VALUE, CanonicalDocumentsTest.VOCABULARY, true)
                : new CanonicalWindows(
                        CanonicalDocumentsTest.rules(),
                        CanonicalParams.exact(),
                        Long.MAX_VALUE,
                        new byte[0],
                        REQUESTS_AT_ONCE,
                        longBytes,
                        true);
        return reader.read(document, window).run(service::expandAll);
    }

    private WindowScoring.Result whole(byte[] text, int scoredFrom, boolean ofAll) {
        Window window = new Window(0, scoredFrom, text.length);
        return ofAll
                ? new BeamWindows(BeamParams.of(5, 0), Long.MAX_VALUE, CanonicalDocumentsTest.VOCABULARY, false)
                        .read(document(text, false), window)
                        .run(service::expandAll)
                : read(document(text, false), window, 0, Long.MAX_VALUE, NONE_IS_LONG);
    }

    @Test
    void aWindowIsReadOnAsIfTheBytesWithoutTokenWereNotThere() {
        for (long seed = 0; seed < 2 * DOCUMENTS; seed++) {
            Random random = new Random(seed);
            byte[] text = text(random);
            for (int i = random.nextInt(8); i > 0; i--) {
                text[random.nextInt(text.length - 1)] = CanonicalDocumentsTest.WITHOUT_TOKEN;
            }
            int scoredFrom = random.nextInt(4);
            byte[] left = new String(text, UTF_8).replace("\u001d", "").getBytes(UTF_8);
            int leftBefore =
                    new String(text, 0, scoredFrom, UTF_8).replace("\u001d", "").length();
            String counted = new String(text, scoredFrom, text.length - scoredFrom, UTF_8);
            int deadEnds = counted.split("\u001d+", -1).length - 1;
            Window window = new Window(0, scoredFrom, text.length);
            for (boolean ofAll : new boolean[] {false, true}) {
                double expected = whole(left, leftBefore, ofAll).logLikelihood();
                for (boolean everyByte : new boolean[] {false, true}) {
                    for (int longBytes : new int[] {NONE_IS_LONG, ALL_ARE_LONG}) {
                        DocumentInFlight document = document(text, everyByte);
                        WindowScoring.Result result = readOn(document, window, ofAll, longBytes);
                        String place = "seed " + seed + ", all " + ofAll + ", every byte " + everyByte;
                        assertThat(result.logLikelihood()).as(place).isCloseTo(expected, within(CLOSE));
                        assertThat(result.read()).as(place).isEqualTo(text.length);
                        assertThat(result.deadEnds()).as(place).isEqualTo(deadEnds);
                        assertThat(result.skippedBytes())
                                .as(place)
                                .isEqualTo(text.length - scoredFrom - (left.length - leftBefore));
                        requireNullsWhereLeftOut(document.byteLogProbs(), text, scoredFrom, expected, place);
                    }
                }
            }
        }
    }

    private static void requireNullsWhereLeftOut(
            double[] byteLogProbs, byte[] text, int scoredFrom, double expected, String place) {
        double sum = 0;
        for (int at = scoredFrom; at < byteLogProbs.length; at++) {
            boolean isLeftOut = text[at] == CanonicalDocumentsTest.WITHOUT_TOKEN;
            assertThat(Double.isNaN(byteLogProbs[at]))
                    .as(place + ", byte " + at)
                    .isEqualTo(isLeftOut);
            sum += isLeftOut ? 0 : byteLogProbs[at];
        }
        if (byteLogProbs.length > 0) {
            assertThat(sum).as(place).isCloseTo(expected, within(CLOSE));
        }
    }

    @Test
    void aDocumentOfNothingButBytesWithoutTokenHasNoLikelihoodAndNoCost() {
        byte[] text = new byte[1 << 20];
        Arrays.fill(text, (byte) CanonicalDocumentsTest.WITHOUT_TOKEN);
        int before = service.requests();
        for (boolean ofAll : new boolean[] {false, true}) {
            WindowScoring.Result result =
                    readOn(document(text, false), new Window(0, 0, text.length), ofAll, NONE_IS_LONG);
            assertThat(result.logLikelihood()).isZero();
            assertThat(result.skippedBytes()).isEqualTo(text.length);
            assertThat(result.deadEnds()).isEqualTo(1);
        }
        assertThat(service.requests()).isEqualTo(before);
    }
}
