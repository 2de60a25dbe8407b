package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Token healing for what is allowed: when no hypothesis of a beam can go on with it, looks for other tokenizations of the
 * last bytes that can. First those are tried that differ in the open token, then those that open the last closed token
 * again, and so on back; among equals the most probable first. The first success is all that the beam goes on with.
 *
 * <p>All tokenizations of the last {@value #MOST_BYTES} bytes are tried, as far as the beam's limits for healing allow and
 * the bytes are known (those of a prompt are not, but for its last, open token), {@value #MOST_EVALUATIONS} contexts at
 * most: so nothing with a probability is missed unless the model gives none to very many tokenizations.
 */
final class Retokenization {
    /** Few tokens are longer, and a way that begins earlier differs in all of them. */
    static final int MOST_BYTES = 64;

    /** Where a model gives every token some probability, it takes a few. */
    static final int MOST_EVALUATIONS = 1000;

    private final Beam beam;
    private final Reach reach;
    private final byte[] text;

    /**
     * A tokenization of the text's first bytes.
     *
     * @param at how many bytes it spells
     * @param logWeight of its tokens (nats)
     * @param closed how many tokens it has closed that the hypothesis it comes from has not
     */
    private record Reading(TokenContext context, int at, double logWeight, int closed) {}

    /** @param known bytes that the beam has read last, in its first {@code length} */
    Retokenization(Beam beam, Reach reach, byte[] known, int length) {
        this.beam = beam;
        this.reach = reach;
        byte[] longestOpen = beam.hypotheses().stream()
                .map(Hypothesis::partial)
                .max(Comparator.comparingInt(open -> open.length))
                .orElse(new byte[0]);
        int count = Math.max(longestOpen.length, Math.min(length, MOST_BYTES));
        this.text = count == longestOpen.length ? longestOpen : Arrays.copyOfRange(known, length - count, length);
    }

    /** One way or none. A step that counts a healing if there is one. */
    Step<Continuations> run() {
        List<Reading> starts = beam.hypotheses().stream()
                .filter(h -> !h.terminated() && h.hasMass())
                .map(this::beforeOpenToken)
                .toList();
        if (starts.isEmpty()) {
            return Step.done(new Continuations(beam, List.of()));
        }
        return TextCuts.of(text, starts.get(0).context())
                .then(cuts -> new Search(cuts).from(starts))
                .then(found -> Step.done(new Continuations(beam, found.stream().toList()))
                        .plusHealings(found.isPresent() ? 1 : 0));
    }

    private Reading beforeOpenToken(Hypothesis h) {
        PathMasses masses = h.knownMasses();
        double logOpen = LogSpace.logDivide(masses.logMass(h.partial().length), masses.logMass(0));
        return new Reading(h.context(), text.length - h.partial().length, h.logWeight() - logOpen, 0);
    }

    /** One search; its frontier is used up. */
    private final class Search {
        private final TextCuts cuts;
        private final PriorityQueue<Reading> frontier =
                new PriorityQueue<>(Comparator.comparingDouble(reading -> -reading.logWeight()));
        private final Set<TokenContext> seen = new HashSet<>();

        Search(TextCuts cuts) {
            this.cuts = cuts;
        }

        private record Round(List<Reading> starts, Optional<Hypothesis> found) {}

        /** Further and further back. */
        Step<Optional<Hypothesis>> from(List<Reading> starts) {
            return Step.loop(
                            new Round(starts, Optional.empty()),
                            round -> round.found().isEmpty() && !round.starts().isEmpty(),
                            round -> onwards(round.starts())
                                    .then(found -> found.isPresent()
                                            ? Step.done(new Round(List.of(), found))
                                            : reopened(round.starts()).map(earlier -> new Round(earlier, found))))
                    .map(Round::found);
        }

        private Step<Optional<Hypothesis>> onwards(List<Reading> starts) {
            starts.forEach(this::add);
            return Step.loop(
                    Optional.empty(),
                    found -> found.isEmpty() && !frontier.isEmpty() && seen.size() <= MOST_EVALUATIONS,
                    none -> goOn(frontier.remove()));
        }

        private void add(Reading reading) {
            boolean leadsOn = reading.logWeight() > Double.NEGATIVE_INFINITY && cuts.reachEnd(reading.at());
            if (leadsOn && seen.add(reading.context())) {
                frontier.add(reading);
            }
        }

        private Step<Optional<Hypothesis>> goOn(Reading reading) {
            return asked(reading).map(told -> {
                closings(reading, told);
                return opened(reading, told).filter(way -> reach.logMass(way) > Double.NEGATIVE_INFINITY);
            });
        }

        private Step<Hypothesis> asked(Reading reading) {
            byte[] rest = Arrays.copyOfRange(text, reading.at(), text.length);
            Hypothesis start = Hypothesis.atRoot(reading.context(), reading.logWeight(), beam.mode(), null);
            return Inquiry.along(beam.params(), start, reach.path(rest), reach.rowsFrom(rest.length));
        }

        /** The way whose open token goes to the text's end, if any token does. */
        private Optional<Hypothesis> opened(Reading reading, Hypothesis told) {
            byte[] rest = Arrays.copyOfRange(text, reading.at(), text.length);
            PathMasses masses = told.knownMasses();
            if (masses.expansion().depth() < rest.length) {
                return Optional.empty();
            }
            double logWeight = told.reweigh(masses.logMass(rest.length));
            return Optional.of(new Hypothesis(told.context(), rest, logWeight, false, told.massMode(), masses))
                    .filter(Hypothesis::hasMass);
        }

        private void closings(Reading reading, Hypothesis told) {
            BeamParams params = beam.params();
            Expansion tokens = told.knownMasses().expansion();
            int length = Math.min(tokens.depth(), text.length - reading.at());
            for (int depth = 1; depth <= length && reading.closed() <= params.healMaxSplits(); depth++) {
                int end = reading.at() + depth;
                boolean tooFarBack = reading.closed() == 0 && text.length - end > params.healMaxBackoff();
                if (!tooFarBack) {
                    told.closeTokenAt(depth, beam.mode())
                            .forEach(closed ->
                                    add(new Reading(closed.context(), end, closed.logWeight(), reading.closed() + 1)));
                }
            }
        }

        /** The same readings with one token less each, as far as that is within the text and the limits. */
        private Step<List<Reading>> reopened(List<Reading> starts) {
            List<Step<Optional<Reading>>> steps = new ArrayList<>();
            Set<TokenContext> parents = new HashSet<>();
            for (Reading start : starts) {
                TokenContext parent = start.context().parent();
                int at = cuts.beginOf(start.context().lastToken(), start.at());
                boolean inReach = at >= 0 && text.length - at <= beam.params().healMaxBackoff();
                if (parent != null && inReach && seen.size() <= MOST_EVALUATIONS && parents.add(parent)) {
                    steps.add(reopened(start, parent, at));
                }
            }
            return Step.together(steps)
                    .map(earlier -> earlier.stream().flatMap(Optional::stream).toList());
        }

        private Step<Optional<Reading>> reopened(Reading start, TokenContext parent, int at) {
            byte[] token = Arrays.copyOfRange(text, at, start.at());
            Hypothesis before = Hypothesis.atRoot(parent, 0, beam.mode(), null);
            return Inquiry.along(beam.params(), before, token, token.length + 1)
                    .map(told -> told.closeTokenAt(token.length, beam.mode()).stream()
                            .filter(closed -> closed.context().lastToken()
                                    == start.context().lastToken())
                            .filter(Hypothesis::hasMass)
                            .map(closed -> new Reading(parent, at, start.logWeight() - closed.logWeight(), 0))
                            .findFirst());
        }
    }
}
