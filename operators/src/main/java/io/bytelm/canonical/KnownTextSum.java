package io.bytelm.canonical;

import io.bytelm.beam.Step;
import io.bytelm.canonical.NeededContexts.Needed;
import io.bytelm.canonical.NeededContexts.Reading;
import io.bytelm.dist.LogSpace;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Weighs a known text: asks for all contexts that it takes, many at once, as one evaluation of the model reads them faster
 * than many. The sums are those of a {@link CanonicalTree} that defers nothing.
 *
 * @param text to weigh
 * @param eosTokens ids of the tokens that end the sequence, ascending
 * @param eosFrom before so many bytes they are ordinary text
 * @param requestsAtOnce how many contexts are asked for at once, at least 1
 */
public record KnownTextSum(KnownText text, int[] eosTokens, int eosFrom, int requestsAtOnce) {
    private static final int[] NO_TOKENS = {};

    /** @throws IllegalArgumentException if nothing could be asked at once */
    public KnownTextSum {
        if (requestsAtOnce < 1) {
            throw new IllegalArgumentException("at least 1 context must be asked for at once, got " + requestsAtOnce);
        }
    }

    /** @param logWeight the log probability (nats) of a context's tokens */
    private record Weighed(double logWeight, Masses masses) {}

    /** What is known after some of the contexts have been evaluated; changed by the one computation that it belongs to. */
    private final class Weights {
        /** Contexts of one token fewer than those that are told now, which grow from them, and these. */
        private Map<Needed, Weighed> shorter = new HashMap<>();

        private Map<Needed, Weighed> current = new HashMap<>();
        private int currentLength;
        private final List<List<Double>> logSums = new ArrayList<>();
        private int evaluated;

        Weights() {
            for (int place = 0; place < text.places().length; place++) {
                logSums.add(new ArrayList<>());
            }
        }

        void add(Needed needed, Masses told) {
            if (needed.context().length() > currentLength) {
                currentLength = needed.context().length();
                shorter = current;
                current = new HashMap<>();
            }
            double logWeight = logWeight(needed);
            current.put(needed, new Weighed(logWeight, told));
            for (Reading reading : needed.readings()) {
                logSums.get(reading.place()).add(logWeight + told.logMass(reading.open()));
            }
            evaluated++;
        }

        private double logWeight(Needed needed) {
            Needed parent = needed.parent();
            if (parent == null) {
                return 0;
            }
            Weighed before = Objects.requireNonNull(shorter.get(parent));
            int length = (int) (needed.at() - parent.at());
            return before.logWeight
                    + before.masses.logMass(length, needed.context().lastToken());
        }

        double[] logProbs() {
            double[] logProbs = new double[logSums.size()];
            for (int place = 0; place < logProbs.length; place++) {
                logProbs[place] = text.places()[place] == 0
                        ? 0
                        : LogSpace.logSumExp(logSums.get(place).stream()
                                .mapToDouble(log -> log)
                                .toArray());
            }
            return logProbs;
        }
    }

    /**
     * The log probability (nats) at each place, {@code -Infinity} where the model gives none.
     *
     * @throws IllegalStateException if the text is dead
     */
    public Step<double[]> logProbs() {
        if (text.isDead()) {
            throw new IllegalStateException("no canonical text begins with the first " + text.read() + " bytes");
        }
        return Step.loop(
                        new Weights(),
                        weights -> weights.evaluated < text.needed().size(),
                        this::evaluateMore)
                .map(Weights::logProbs);
    }

    private Step<Weights> evaluateMore(Weights weights) {
        int to = Math.min(text.needed().size(), weights.evaluated + requestsAtOnce);
        List<Needed> next = text.needed().subList(weights.evaluated, to);
        List<ExpandRequest> requests = next.stream().map(this::request).toList();
        return Step.ask(requests, answers -> {
            for (int i = 0; i < requests.size(); i++) {
                Expansion answer = answers.get(i);
                weights.add(next.get(i), new Masses(requests.get(i).path(), answer));
            }
            return Step.done(weights);
        });
    }

    private ExpandRequest request(Needed needed) {
        int from = (int) needed.at();
        byte[] path = Arrays.copyOfRange(text.text(), from, from + needed.pathBytes());
        int[] ending = from < eosFrom ? NO_TOKENS : eosTokens;
        return new ExpandRequest(needed.context(), path, ending, ExpandRequest.NO_ROWS).takingWholeAsOne();
    }
}
