package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Beam;
import io.bytelm.beam.Continuations;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.Certified;

/**
 * A text read over all tokenizations.
 *
 * @param beam after all bytes; its logZ is log P of them (nats), the prompt given
 */
public record BeamText(Beam beam) implements ReadText {
    /** Nothing written after a prompt. */
    public static BeamText after(Beam prompt) {
        return new BeamText(prompt.normalized().askingIn(EosMode.GENERATING));
    }

    @Override
    public Certified logProb() {
        double logZ = beam.logZ();
        return new Certified(logZ, logZ);
    }

    @Override
    public int longestContext() {
        return beam.longestContext();
    }

    @Override
    public boolean hasEosTokens() {
        return beam.params().eosTokens().length > 0;
    }

    @Override
    public Step<Ways> ways(AllowedSymbols allowed, byte[] output) {
        double logBefore = beam.logZ();
        return beam.continuations(allowed, output).map(ways -> new WaysOfBeam(ways, logBefore));
    }

    @Override
    public Step<ReadText> following(byte[] output, int from) {
        return Step.loop(
                        new Reading(beam, from),
                        reading -> reading.at < output.length && !reading.beam.isDead(),
                        reading -> reading.beam
                                .follow(new Lookahead(output, reading.at, true))
                                .map(next -> new Reading(next, reading.at + 1)))
                .map(reading -> new BeamText(reading.beam));
    }

    @Override
    public Step<ReadText> followingByte(byte[] output, int at) {
        return beam.follow(new Lookahead(output, at, true)).map(BeamText::new);
    }

    @Override
    public BeamText given() {
        return new BeamText(beam.normalized());
    }

    private record Reading(Beam beam, int at) {}

    @Override
    public BeamText died() {
        return new BeamText(beam.died());
    }

    /** The ways of a beam. */
    record WaysOfBeam(Continuations found, double logBefore) implements Ways {
        @Override
        public BeamText text() {
            return new BeamText(found.beam());
        }

        @Override
        public double[] logMasses(AllowedSymbols allowed) {
            return found.logMasses(allowed);
        }

        @Override
        public int longestContext() {
            return found.longestContext();
        }

        @Override
        public Step<ReadText> read(byte[] output, int at) {
            return readByte(output, at).then(read -> read.following(output, at + 1));
        }

        @Override
        public Step<ReadText> readByte(byte[] output, int at) {
            return found.read(new Lookahead(output, at, true)).map(BeamText::new);
        }

        @Override
        public BeamText readEos() {
            return new BeamText(found.readEos());
        }
    }
}
