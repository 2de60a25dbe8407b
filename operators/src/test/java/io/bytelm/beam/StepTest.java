package io.bytelm.beam;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTest {
    private final List<Integer> batches = new ArrayList<>();

    @Test
    void aLoopOfAMillionRoundsNeedsNoStack() {
        int rounds = 1_000_000;
        Step<Integer> loop = Step.loop(0, i -> i < rounds, i -> i % 3 == 0 ? Step.done(i + 1) : ask(i + 1));
        assertThat(loop.run(this::answer)).isEqualTo(rounds);
    }

    @Test
    void aLoopThatIsNotEnteredAsksNothing() {
        assertThat(Step.loop(7, i -> false, i -> ask(i + 1)).run(this::answer)).isEqualTo(7);
        assertThat(batches).isEmpty();
    }

    @Test
    void whatIsAskedSideBySideIsAskedTogetherAndAnsweredInOrder() {
        Step<Integer> twice = ask(1).then(i -> ask(i + 10));
        Step<List<Integer>> together = Step.together(List.of(ask(5), twice, Step.done(9), ask(6)));
        assertThat(together.run(this::answer)).containsExactly(5, 11, 9, 6);
        assertThat(batches).containsExactly(3, 1);
    }

    @Test
    void askingNothingGoesOnAtOnce() {
        assertThat(Step.ask(List.of(), answers -> Step.done(answers.size())).run(this::answer))
                .isZero();
        assertThat(batches).isEmpty();
    }

    @Test
    void healingsAreSummedOnceOverStepsLoopsAndWhatRunsSideBySide() {
        Step<Integer> healed = Step.done(1).plusHealings(2);
        assertThat(healings(healed.then(i -> Step.done(i + 1).plusHealings(3)))).isEqualTo(5);
        assertThat(healings(healed.then(StepTest::ask).then(i -> healed))).isEqualTo(4);
        assertThat(healings(ask(1).plusHealings(1).then(i -> ask(2).plusHealings(5))))
                .isEqualTo(6);
        assertThat(healings(Step.loop(
                        0,
                        i -> i < 9,
                        i -> i % 3 == 0
                                ? ask(i + 1).plusHealings(1)
                                : Step.done(i + 1).plusHealings(10))))
                .isEqualTo(3 + 60);
        Step<Integer> late = ask(1).then(i -> ask(2)).map(i -> i).then(i -> healed);
        assertThat(healings(Step.together(List.of(healed, late, ask(3).plusHealings(7)))))
                .isEqualTo(2 + 2 + 7);
    }

    private int healings(Step<?> step) {
        int sum = step.healings();
        Step<?> at = step;
        while (at instanceof Step.Ask<?> ask) {
            at = ask.then().apply(answer(ask.requests()));
            sum += at.healings();
        }
        return sum;
    }

    /** Asks about a context that ends with {@code value}; the answer carries the value as a mass. */
    private static Step<Integer> ask(int value) {
        ExpandRequest request =
                new ExpandRequest(TokenContext.of(value), new byte[0], new int[0], ExpandRequest.NO_ROWS);
        return Step.ask(
                List.of(request), answers -> Step.done((int) answers.get(0).logMass()[0]));
    }

    private List<Expansion> answer(List<ExpandRequest> requests) {
        batches.add(requests.size());
        return requests.stream()
                .map(r -> new Expansion(
                        new double[] {r.context().lastToken()},
                        new int[1][0],
                        new double[1][0],
                        Double.NEGATIVE_INFINITY,
                        new double[1][]))
                .toList();
    }
}
