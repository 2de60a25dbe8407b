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
