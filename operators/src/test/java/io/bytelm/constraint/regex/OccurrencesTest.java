package io.bytelm.constraint.regex;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Patterns of many branches that may stand anywhere in the text. */
class OccurrencesTest {
    private static final List<String> WORDS = List.of(
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "january",
            "february",
            "march",
            "april",
            "june");

    private static ByteDfa compile(String pattern) {
        return ((DfaConstraint) Regex.compile(pattern, RegexOptions.SEARCH, CompileLimits.DEFAULT)).dfa();
    }

    @Test
    void branchesWithoutAGroupAreTheSameAsInAGroup() {
        String words = String.join("|", WORDS);
        ByteDfa[] compiled = new ByteDfa[1];
        Duration worked = ProcessorTime.of(() -> compiled[0] = compile(words));
        assertThat(worked).isLessThan(Duration.ofSeconds(1));
        assertThat(compiled[0]).isEqualTo(compile("(" + words + ")"));
    }

    @Test
    void anchorsBelongToTheirBranchAlone() {
        int found = 0;
        for (long seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            String pattern = pattern(random);
            ByteDfa dfa = compile(pattern);
            Pattern java = Pattern.compile(pattern);
            for (int i = 0; i < 400; i++) {
                String text = text(random);
                boolean expected = java.matcher(text).find();
                assertThat(dfa.accepts(text.getBytes(StandardCharsets.UTF_8)))
                        .as("seed %d: %s on \"%s\"", seed, pattern, text)
                        .isEqualTo(expected);
                found += expected ? 1 : 0;
            }
        }
        assertThat(found).isBetween(500, 4_700);
    }

    private static String pattern(Random random) {
        List<String> branches = new ArrayList<>();
        for (String word : WORDS) {
            branches.add((random.nextBoolean() ? "^" : "") + word.substring(0, 2) + (random.nextBoolean() ? "$" : ""));
        }
        return String.join("|", branches);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(4); parts > 0; parts--) {
            String word = WORDS.get(random.nextInt(WORDS.size()));
            text.append(random.nextInt(4) == 0 ? "x" : word.substring(0, 2));
        }
        return text.toString();
    }
}
