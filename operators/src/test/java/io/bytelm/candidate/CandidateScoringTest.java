package io.bytelm.candidate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Lookahead;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Over all tokenizations: each candidate beside a beam that reads it alone. */
class CandidateScoringTest {
    private static final double SAME = 1e-9;

    private static BruteForceTrieLmService service(Vocabulary vocabulary) {
        return new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
    }

    private static byte[] text(Random random, int length) {
        byte[] text = new byte[length];
        for (int at = 0; at < length; at++) {
            text[at] = (byte) ("abc".charAt(random.nextInt(3)));
        }
        return text;
    }

    /** Duplicates, and candidates that others begin with, among them. */
    private static List<byte[]> candidates(Random random) {
        List<byte[]> texts = new ArrayList<>();
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            byte[] fresh = text(random, 1 + random.nextInt(5));
            if (!texts.isEmpty() && random.nextBoolean()) {
                byte[] other = texts.get(random.nextInt(texts.size()));
                byte[] longer = Arrays.copyOf(other, other.length + random.nextInt(3));
                Arrays.fill(longer, other.length, longer.length, (byte) 'a');
                texts.add(longer);
            } else {
                texts.add(fresh);
            }
        }
        return texts;
    }

    @Test
    void eachWeighsWhatABeamThatReadsItAloneSays() {
        int possible = 0;
        int impossible = 0;
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Vocabulary vocabulary = ToyVocabulary.random(random);
            int[] eos = ToyVocabulary.someTokens(random, vocabulary, 2);
            BeamParams params = new BeamParams(
                    1 + random.nextInt(6), random.nextBoolean() ? 0 : 0.2 * random.nextDouble(), eos, random.nextBoolean(),
                    BeamParams.UNLIMITED, BeamParams.UNLIMITED);
            Beam before = Beam.initial(vocabulary.bosToken(), params)
                    .read(text(random, random.nextInt(5)))
                    .run(service(vocabulary)::expandAll);
            if (before.logZ() == Double.NEGATIVE_INFINITY) {
                continue;
            }
            CandidateList list = new CandidateList(candidates(random), random.nextBoolean());
            CandidateScores scores = CandidateScoring.of(
                            new BeamContinuation(before.withoutMasses()), list, 1 + random.nextInt(40))
                    .run(service(vocabulary)::expandAll);
            for (int place = 0; place < scores.size(); place++) {
                String where = "seed " + seed + ", candidate " + place;
                double alone = alone(before.withoutMasses(), list.texts().get(place), list.end(), vocabulary);
                double found = scores.logLikelihoods()[place];
                if (alone == Double.NEGATIVE_INFINITY) {
                    assertThat(found).as(where).isEqualTo(alone);
                    impossible++;
                } else {
                    assertThat(found).as(where).isCloseTo(alone, within(SAME));
                    possible++;
                }
            }
        }
        assertThat(possible).isGreaterThan(300);
        assertThat(impossible).isGreaterThan(30);
    }

    private static double alone(Beam before, byte[] candidate, boolean end, Vocabulary vocabulary) {
        Beam beam = before;
        BruteForceTrieLmService service = service(vocabulary);
        for (int at = 0; at < candidate.length && beam.logZ() > Double.NEGATIVE_INFINITY; at++) {
            beam = beam.prune().advance(Lookahead.of(candidate, at)).run(service::expandAll);
        }
        double logLikelihood = beam.logZ() - before.logZ();
        return end && beam.logZ() > Double.NEGATIVE_INFINITY
                ? logLikelihood
                        + beam.predict(Lookahead.NONE).run(service::expandAll).next().logProb(Symbols.EOS)
                : logLikelihood;
    }

    @Test
    void theEndIsToldAsAPartOfTheWhole() {
        Vocabulary vocabulary = ToyVocabulary.of("<s>", "a", "b", "ab", ".");
        BeamParams params = new BeamParams(5, 0, new int[] {4}, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED);
        Beam before = Beam.initial(0, params);
        List<byte[]> texts = List.of("ab".getBytes(UTF_8), "a".getBytes(UTF_8));
        CandidateScores without = CandidateScoring.of(new BeamContinuation(before), new CandidateList(texts, false), 1024)
                .run(service(vocabulary)::expandAll);
        CandidateScores with = CandidateScoring.of(new BeamContinuation(before), new CandidateList(texts, true), 1024)
                .run(service(vocabulary)::expandAll);
        double[] ends = Objects.requireNonNull(with.endLogProbs());
        assertThat(without.endLogProbs()).isNull();
        for (int place = 0; place < 2; place++) {
            assertThat(ends[place]).isNegative();
            assertThat(with.logLikelihoods()[place])
                    .isCloseTo(without.logLikelihoods()[place] + ends[place], within(SAME));
        }
    }

    private static final class Counting implements Function<List<ExpandRequest>, List<Expansion>> {
        private final BruteForceTrieLmService service;
        private int requests;
        private int rounds;
        private int most;

        Counting(Vocabulary vocabulary) {
            this.service = service(vocabulary);
        }

        @Override
        public List<Expansion> apply(List<ExpandRequest> asked) {
            rounds++;
            requests += asked.size();
            most = Math.max(most, asked.size());
            return service.expandAll(asked);
        }
    }

    private static Counting counted(Vocabulary vocabulary, List<byte[]> texts) {
        Counting counting = new Counting(vocabulary);
        Beam before = Beam.initial(vocabulary.bosToken(), BeamParams.of(5, 0.001));
        CandidateScoring.of(new BeamContinuation(before), new CandidateList(texts, false), 1024)
                .run(counting);
        return counting;
    }

    @Test
    void sharedBeginningsAreReadOnceAndBranchesShareRounds() throws IOException {
        Vocabulary english = RecordedVocabulary.read(Path.of("src/test/resources/conformance/vocab-english.json"));
        List<byte[]> texts = IntStream.range(0, 200)
                .mapToObj(i -> ("the world and all of the others " + (char) ('a' + i % 26) + (char) ('a' + i / 26))
                        .getBytes(UTF_8))
                .toList();
        Counting together = counted(english, texts);
        int apart = 0;
        int roundsApart = 0;
        for (byte[] text : texts) {
            Counting one = counted(english, List.of(text));
            apart += one.requests;
            roundsApart += one.rounds;
        }
        assertThat(together.requests).isLessThan(apart / 5);
        assertThat(together.rounds).isLessThan(roundsApart / 20);
        assertThat(together.most).isGreaterThan(30);
    }
}
