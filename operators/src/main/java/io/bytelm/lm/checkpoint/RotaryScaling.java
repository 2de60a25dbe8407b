package io.bytelm.lm.checkpoint;

import java.util.List;

/** How rotary frequencies are changed to stretch a model to longer contexts than it was first trained on. */
public sealed interface RotaryScaling {
    /**
     * Maps the frequency of one pair.
     *
     * @param pair its number, from 0
     */
    double scale(double frequency, int pair);

    /** What turned queries and keys are multiplied by. */
    default double amplitude() {
        return 1;
    }

    /** What it does, for people. */
    String phrase();

    /** No scaling. */
    record Unscaled() implements RotaryScaling {
        @Override
        public String phrase() {
            return "not scaled";
        }

        @Override
        public double scale(double frequency, int pair) {
            return frequency;
        }
    }

    /** Positions divided by a factor. */
    record Linear(double factor) implements RotaryScaling {
        @Override
        public String phrase() {
            return "linear by " + factor;
        }

        @Override
        public double scale(double frequency, int pair) {
            return frequency / factor;
        }
    }

    /** Llama 3.1's: slow turns are divided by the factor, fast ones kept, those between blended. */
    record Llama3(double factor, double lowFactor, double highFactor, double originalTokens) implements RotaryScaling {
        @Override
        public String phrase() {
            return "llama3 by " + factor + " beyond " + (long) originalTokens + " tokens";
        }

        @Override
        public double scale(double frequency, int pair) {
            double turns = originalTokens * frequency / (2 * Math.PI);
            if (turns <= lowFactor) {
                return frequency / factor;
            }
            if (turns >= highFactor) {
                return frequency;
            }
            double kept = (turns - lowFactor) / (highFactor - lowFactor);
            return (1 - kept) * frequency / factor + kept * frequency;
        }
    }

    /**
     * YaRN (Peng et al., 2023): pairs below {@code low} are kept, those above {@code high} divided by the factor, those
     * between blended.
     */
    record Yarn(double factor, double low, double high, double amplitude) implements RotaryScaling {
        @Override
        public String phrase() {
            return "yarn by " + factor;
        }

        @Override
        public double scale(double frequency, int pair) {
            double divided = Math.min(1, Math.max(0, (pair - low) / (high - low)));
            return frequency / factor * divided + frequency * (1 - divided);
        }
    }

    /** LongRoPE (Ding et al., 2024): each pair is divided by a factor of its own. */
    record LongRope(List<Double> factors, double amplitude) implements RotaryScaling {
        /** Copies the list. */
        public LongRope {
            factors = List.copyOf(factors);
        }

        @Override
        public String phrase() {
            return "longrope, each pair by its own factor";
        }

        @Override
        public double scale(double frequency, int pair) {
            return frequency / factors.get(pair);
        }
    }
}
