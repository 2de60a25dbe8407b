package io.bytelm.constraint.grammar;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.automaton.Expression;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.Predicate;

/**
 * Which parts of a short text each rule of a grammar derives, by the least fixpoint over all rules and positions: slow, and
 * nothing like an automaton.
 */
final class DerivationOracle {
    private final GrammarRules rules;
    private final String text;
    private final BitSet[][] ends;

    private DerivationOracle(GrammarRules rules, String text) {
        this.rules = rules;
        this.text = text;
        this.ends = new BitSet[rules.bodies().size()][text.length() + 1];
        for (BitSet[] ofRule : ends) {
            for (int i = 0; i < ofRule.length; i++) {
                ofRule[i] = new BitSet();
            }
        }
    }

    /** @param text ASCII only */
    static boolean derives(GrammarRules rules, String text) {
        DerivationOracle oracle = new DerivationOracle(rules, text);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int rule = 0; rule < oracle.ends.length; rule++) {
                for (int from = 0; from <= text.length(); from++) {
                    Constraint leaf = rules.leaves().get(rule);
                    BitSet now = leaf == null
                            ? oracle.endsOf(rules.bodies().get(rule), from)
                            : oracle.endsOf(bytes -> RandomWalks.accepts(leaf, bytes), from);
                    changed |= !now.equals(oracle.ends[rule][from]);
                    oracle.ends[rule][from] = now;
                }
            }
        }
        return oracle.ends[rules.root()][0].get(text.length());
    }

    private BitSet endsOf(Expression expression, int from) {
        BitSet result = new BitSet();
        if (expression instanceof Expression.Chars chars) {
            if (from < text.length() && chars.set().contains(text.charAt(from))) {
                result.set(from + 1);
            }
        } else if (expression instanceof Expression.Call call) {
            result.or(ends[call.rule()][from]);
        } else if (expression instanceof Expression.Alternatives alternatives) {
            alternatives.branches().forEach(branch -> result.or(endsOf(branch, from)));
        } else if (expression instanceof Expression.Sequence sequence) {
            result.set(from);
            for (Expression part : sequence.parts()) {
                BitSet after = after(part, result);
                result.clear();
                result.or(after);
            }
        } else if (expression instanceof Expression.Automaton automaton) {
            return endsOf(automaton.dfa()::accepts, from);
        } else if (expression instanceof Expression.Repeat repeat) {
            return endsOf(repeat, from);
        }
        return result;
    }

    private BitSet endsOf(Predicate<byte[]> accepts, int from) {
        BitSet result = new BitSet();
        for (int to = from; to <= text.length(); to++) {
            result.set(to, accepts.test(text.substring(from, to).getBytes(StandardCharsets.US_ASCII)));
        }
        return result;
    }

    private BitSet endsOf(Expression.Repeat repeat, int from) {
        BitSet at = new BitSet();
        at.set(from);
        for (int i = 0; i < repeat.min(); i++) {
            at = after(repeat.body(), at);
        }
        BitSet result = (BitSet) at.clone();
        for (int i = repeat.min(); i < Math.min(repeat.max(), repeat.min() + text.length() + 1); i++) {
            at = after(repeat.body(), at);
            result.or(at);
        }
        return result;
    }

    private BitSet after(Expression part, BitSet from) {
        BitSet result = new BitSet();
        from.stream().forEach(start -> result.or(endsOf(part, start)));
        return result;
    }
}
