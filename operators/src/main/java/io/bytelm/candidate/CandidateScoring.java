package io.bytelm.candidate;

import io.bytelm.beam.Step;
import io.bytelm.candidate.Continuation.TextEnd;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weighs the candidates of a list: what they have in common is read once, and several branches are read at the same time, so
 * that what they ask shares batches. The deepest branches come first, so that few are open however many candidates there
 * are. Each weighs what it would weigh alone.
 */
public final class CandidateScoring {
    /** Branches that are read at the same time: with a few ways to read each, they fill the batches of a model. */
    private static final int MOST_AT_ONCE = 64;

    private final Continuation before;
    private final CandidateList list;
    private final int mostAtOnce;

    private CandidateScoring(Continuation before, CandidateList list, int mostAtOnce) {
        this.before = before;
        this.list = list;
        this.mostAtOnce = mostAtOnce;
    }

    /** A branch that has not been begun, and the text up to it. */
    private record Waiting(CandidateTree branch, Continuation from) {}

    /** A branch that is being read. */
    private record Active(CandidateTree branch, Step<Reached> step) {
        /** @throws ClassCastException if it is done */
        Step.Ask<Reached> ask() {
            return (Step.Ask<Reached>) step;
        }
    }

    /** The end of a branch; the end of the text there is null where nobody asked for it. */
    private record Reached(Continuation text, @Nullable TextEnd end) {}

    /** Immutable, so that the computation may be run again from any of its points. */
    private record Walk(List<Active> active, List<Waiting> waiting, CandidateScores scores) {
        boolean goesOn() {
            return !active.isEmpty() || !waiting.isEmpty();
        }
    }

    /**
     * Weighs all of them.
     *
     * @param before the text that the candidates continue; it has a probability
     * @param mostRequests how many contexts may be asked for together, about
     */
    public static Step<CandidateScores> of(Continuation before, CandidateList list, int mostRequests) {
        int branches = Math.max(1, mostRequests / Math.max(1, before.width()));
        return new CandidateScoring(before, list, Math.min(MOST_AT_ONCE, branches)).run();
    }

    private Step<CandidateScores> run() {
        double[] impossible = new double[list.texts().size()];
        Arrays.fill(impossible, Double.NEGATIVE_INFINITY);
        double[] ends = list.end() ? impossible.clone() : null;
        CandidateScores none = new CandidateScores(list.texts(), impossible, ends, before.longestContext());
        List<Waiting> root = List.of(new Waiting(CandidateTree.of(list.texts()), before));
        return Step.loop(new Walk(List.of(), root, none), Walk::goesOn, this::round)
                .map(Walk::scores);
    }

    /** Tells what has been read to its end, begins branches while there is room, and asks for what all of them need. */
    private Step<Walk> round(Walk walk) {
        Round round = new Round(walk);
        walk.active().forEach(round::take);
        while (round.asking.size() < mostAtOnce && !round.waiting.isEmpty()) {
            round.take(round.waiting.remove(round.waiting.size() - 1));
        }
        List<ExpandRequest> requests = round.asking.stream()
                .flatMap(active -> active.ask().requests().stream())
                .toList();
        return Step.ask(requests, answers -> round.resumed(answers)).plusHealings(round.healings);
    }

    /** The part of the walk from one question to the next; not changed any more once it has asked. */
    private final class Round {
        private final List<Active> asking = new ArrayList<>();
        private final List<Waiting> waiting;
        private CandidateScores scores;
        private int healings;

        Round(Walk walk) {
            this.waiting = new ArrayList<>(walk.waiting());
            this.scores = walk.scores();
        }

        void take(Active active) {
            if (active.step() instanceof Step.Done<Reached> done) {
                scores = told(scores, active.branch(), done.value());
                waiting.addAll(branches(active.branch(), done.value().text()));
            } else {
                asking.add(active);
            }
        }

        void take(Waiting branch) {
            Active begun = begin(branch);
            healings += begun.step().healings();
            take(begun);
        }

        Step<Walk> resumed(List<Expansion> answers) {
            List<Active> active = new ArrayList<>();
            int answered = 0;
            int healed = 0;
            for (Active one : asking) {
                int to = answered + one.ask().requests().size();
                Step<Reached> next = one.ask().then().apply(answers.subList(answered, to));
                active.add(new Active(one.branch(), next));
                healed += next.healings();
                answered = to;
            }
            return Step.done(new Walk(active, List.copyOf(waiting), scores)).plusHealings(healed);
        }
    }

    private Active begin(Waiting waiting) {
        CandidateTree branch = waiting.branch();
        boolean asksForEnd = list.end() && !branch.places().isEmpty();
        Step<Reached> step = waiting.from()
                .read(branch.text(), branch.from(), branch.to())
                .then(text -> asksForEnd && isPossible(text)
                        ? text.end().map(end -> new Reached(text, end))
                        : Step.done(new Reached(text, null)));
        return new Active(branch, step);
    }

    private static boolean isPossible(Continuation text) {
        return text.logProb() > Double.NEGATIVE_INFINITY;
    }

    /** What goes on from a branch; nothing where it has no probability. */
    private static List<Waiting> branches(CandidateTree branch, Continuation text) {
        return isPossible(text)
                ? branch.branches().stream()
                        .map(further -> new Waiting(further, text))
                        .toList()
                : List.of();
    }

    private CandidateScores told(CandidateScores scores, CandidateTree branch, Reached reached) {
        double[] logLikelihoods = scores.logLikelihoods().clone();
        double[] endsBefore = scores.endLogProbs();
        double @Nullable [] ends = endsBefore == null ? null : endsBefore.clone();
        TextEnd end = reached.end();
        int longest = end == null ? reached.text().longestContext() : end.longestContext();
        for (int place : branch.places()) {
            double ofBytes = reached.text().logProb() - before.logProb();
            logLikelihoods[place] = end == null ? ofBytes : ofBytes + end.logProb();
            if (ends != null && end != null) {
                ends[place] = end.logProb();
            }
        }
        return new CandidateScores(
                scores.texts(), logLikelihoods, ends, Math.max(scores.longestContext(), longest));
    }
}
