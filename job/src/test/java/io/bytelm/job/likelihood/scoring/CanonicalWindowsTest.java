package io.bytelm.job.likelihood.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
                        CanonicalDocumentsTest.rules(), params, contextTokens, new byte[0], REQUESTS_AT_ONCE, longBytes)
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
}
