package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.canonical.LongKnownText.Progress;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A text in stretches of any size, against the same text followed as a whole. */
class LongKnownTextTest {
    private static final double CLOSE = 1e-9;
    private static final int TOKENIZERS = 100;

    private static Progress read(ToyTokenizer toy, LongKnownText text, int counted) {
        CanonicalParams exact = CanonicalParams.exact(toy.eosTokens());
        CanonicalTree tree = CanonicalTree.initial(toy.rules, exact, EosMode.WITH_EOS);
        BruteForceTrieLmService service = toy.service();
        return text.read(Progress.before(tree), counted)
                .then(context -> text.read(context, text.text().length))
                .run(service::expandAll);
    }

    @Test
    void stretchesOfAnySizeHaveTheSumOfTheWholeText() {
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 1 + random.nextInt(40)).getBytes(ISO_8859_1);
            int counted = random.nextInt(text.length);
            long contextTokens = 1 + random.nextInt(20);
            KnownText whole = KnownText.follow(toy.rules, text, contextTokens, text.length);
            double expected =
                    new KnownTextSum(whole, toy.eosTokens(), 0, 100).logProbs().run(toy.service()::expandAll)[0];
            Progress end = read(toy, new LongKnownText(text, contextTokens, 1 + random.nextInt(12)), counted);
            assertThat(end.tree().logProb().logLower()).as("seed %s", seed).isCloseTo(expected, within(CLOSE));
            assertThat(end.truncatedAfter(counted)).as("seed %s", seed).isEqualTo(whole.truncatedAfter(counted));
        }
    }

    @Test
    void aTextThatNoCanonicalTextBeginsWithIsDeadAtItsByte() {
        ToyTokenizer toy = ToyTokenizer.random(new Random(2), false);
        byte[] text = "abaabzab".getBytes(ISO_8859_1);
        for (int stretch = 1; stretch < 10; stretch++) {
            Progress end = read(toy, new LongKnownText(text, Long.MAX_VALUE, stretch), 2);
            assertThat(end.tree().isDead()).isTrue();
            assertThat(end.read()).as("stretches of %s", stretch).isEqualTo(6);
        }
    }

    @Test
    void noMoreIsAskedAtOnceThanAStretchTakes() {
        ToyTokenizer toy = ToyTokenizer.random(new Random(1), true);
        BruteForceTrieLmService service = toy.service();
        byte[] text = toy.text(new Random(1), 200).getBytes(ISO_8859_1);
        CanonicalTree tree = CanonicalTree.initial(toy.rules, CanonicalParams.exact(toy.eosTokens()), EosMode.WITH_EOS);
        Step<Progress> step = new LongKnownText(text, Long.MAX_VALUE, 16).read(Progress.before(tree), text.length);
        int asks = 0;
        while (step instanceof Step.Ask<Progress> ask) {
            assertThat(ask.requests()).hasSizeLessThan(32);
            step = ask.then().apply(service.expandAll(ask.requests()));
            asks++;
        }
        assertThat(asks).isGreaterThan(200 / 16 - 1);
    }

    @Test
    void aStretchHasAByte() {
        assertThatThrownBy(() -> new LongKnownText(new byte[1], 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
