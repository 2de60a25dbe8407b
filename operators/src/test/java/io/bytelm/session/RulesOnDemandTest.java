package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.canonical.ToyTokenizer;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.vocab.CanonicalRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rules that are found out when they are needed: once, unless that failed for another reason than the tokenizer's. */
class RulesOnDemandTest {
    private static final ToyTokenizer TOY = LongStream.range(0, 1000)
            .mapToObj(seed -> ToyTokenizer.random(new Random(seed), true))
            .filter(toy -> !addedTokens(toy).isEmpty())
            .findFirst()
            .orElseThrow();

    private static List<Integer> addedTokens(ToyTokenizer toy) {
        return toy.rules.addedAmong(IntStream.range(0, toy.vocabulary.size()).toArray());
    }

    @Test
    void onlyTokensThatAreSoughtInTextsMakeADifference() {
        RulesOnDemand rules = new RulesOnDemand(() -> TOY.rules, Runnable::run);
        int added = addedTokens(TOY).get(0);
        CanonicalRules without = rules.without(new int[] {0, added});

        assertThat(rules.without(new int[] {0, 1})).isSameAs(TOY.rules);
        assertThat(without.fingerprint())
                .isEqualTo(TOY.rules.withoutAdded(added).fingerprint())
                .isNotEqualTo(TOY.rules.fingerprint());
        assertThat(rules.without(new int[] {added})).isSameAs(without);
    }

    @Test
    void whatTheTokenizerItselfIsRefusedForIsAskedOnce() {
        List<Integer> asked = new ArrayList<>();
        RulesOnDemand rules = new RulesOnDemand(
                () -> {
                    asked.add(asked.size());
                    throw new NoCanonicalTokenizationsException("no");
                },
                Runnable::run);

        for (int i = 0; i < 2; i++) {
            assertThat(rules.preparation()).isNull();
            assertThatThrownBy(() -> rules.without(new int[0]))
                    .isInstanceOf(NoCanonicalTokenizationsException.class)
                    .hasMessage("no");
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void aServiceThatHasBeenReplacedMeanwhileIsAskedAgain() {
        List<Integer> asked = new ArrayList<>();
        RulesOnDemand rules = new RulesOnDemand(
                () -> {
                    asked.add(asked.size());
                    if (asked.size() == 1) {
                        throw NoCanonicalTokenizationsException.ofAnotherProcess("of an earlier version", null);
                    }
                    return TOY.rules;
                },
                Runnable::run);

        assertThat(rules.preparation()).isNull();
        assertThatThrownBy(() -> rules.without(new int[0]))
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessage("of an earlier version");
        assertThat(rules.without(new int[0])).isSameAs(TOY.rules);
    }

    @Test
    void anotherFailureIsTriedAgain() {
        List<Integer> asked = new ArrayList<>();
        RulesOnDemand rules = new RulesOnDemand(
                () -> {
                    asked.add(asked.size());
                    if (asked.size() == 1) {
                        throw new IllegalStateException("not now");
                    }
                    if (asked.size() == 2) {
                        throw new NoCanonicalTokenizationsException("not readable", new IOException());
                    }
                    return TOY.rules;
                },
                Runnable::run);

        assertThatThrownBy(() -> rules.without(new int[0])).isInstanceOf(CompletionException.class);
        assertThatThrownBy(() -> rules.without(new int[0]))
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessage("not readable");
        assertThat(rules.without(new int[0])).isSameAs(TOY.rules);
    }
}
