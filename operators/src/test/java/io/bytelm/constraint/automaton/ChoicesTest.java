package io.bytelm.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChoicesTest {
    @Test
    void onlyTheChoicesAreAccepted() {
        DfaConstraint constraint = Choices.compile(List.of("yes", "no", "not sure", "été"), CompileLimits.DEFAULT);
        assertThat(accepts(constraint, "no")).isTrue();
        assertThat(accepts(constraint, "not sure")).isTrue();
        assertThat(accepts(constraint, "été")).isTrue();
        assertThat(accepts(constraint, "not")).isFalse();
        assertThat(accepts(constraint, "")).isFalse();
        assertThat(constraint.start().live()).isEqualTo(ByteSet.of('y', 'n', 0xC3));
    }

    private static boolean accepts(DfaConstraint constraint, String text) {
        return RandomWalks.accepts(constraint, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void walksEndInAChoice() {
        Random random = new Random(3);
        Set<String> choices = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            choices.add(random.ints(random.nextInt(9), 0, 4)
                    .mapToObj(c -> new String[] {"a", "b", "é", "😀"}[c])
                    .reduce("", String::concat));
        }
        DfaConstraint constraint = Choices.compile(choices, CompileLimits.DEFAULT);
        RandomWalks.walk(
                        constraint,
                        RandomWalks.count(),
                        12,
                        3,
                        text -> choices.contains(new String(text, StandardCharsets.UTF_8)))
                .assertClean("choices", 3);
    }

    @Test
    void aLongListCompilesWithinTheLimits() {
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            choices.add("choice number " + Integer.toHexString(i * 7919));
        }
        assertThat(accepts(Choices.compile(choices, CompileLimits.DEFAULT), "choice number 1eef"))
                .isTrue();
    }

    @Test
    void anEmptyListAndBrokenTextAreRefused() {
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> Choices.compile(List.of(), CompileLimits.DEFAULT));
        assertThatExceptionOfType(ConstraintException.class)
                .isThrownBy(() -> Choices.compile(List.of("\uD800"), CompileLimits.DEFAULT));
    }

    @Test
    void oneEmptyChoiceIsAccepting() {
        assertThat(Choices.compile(List.of(""), CompileLimits.DEFAULT).start().accepting())
                .isTrue();
    }
}
