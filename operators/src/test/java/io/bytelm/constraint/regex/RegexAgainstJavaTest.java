package io.bytelm.constraint.regex;

import static io.bytelm.constraint.ConstraintException.Reason.TOO_LARGE;
import static io.bytelm.constraint.ConstraintException.Reason.TOO_SLOW;
import static io.bytelm.constraint.ConstraintException.Reason.UNSATISFIABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random patterns, written the same way for both engines, on random texts. */
class RegexAgainstJavaTest {
    private static final String[] ATOMS = {
        "a", "b", "c", "é", "😀", "\\d", "\\w", "\\W", "[a-c]", "[^ab]", "[^é]", "[😀-😂é]", ".", "\\n", "-"
    };
    private static final String[] ASSERTIONS = {"^", "\\z", "(?=b)", "(?!c)", "(?<=a)", "(?<!b)", "(?=.*c)", "(?!.*bb)"
    };
    private static final String[] TEXT = {"a", "b", "c", "é", "😀", "1", "_", "-", "\n", " "};

    private int accepted;
    private int rejected;

    @Test
    void fullMatchesAgree() {
        for (long seed = 0; seed < 400; seed++) {
            compare(seed, RegexOptions.FULL_MATCH, 0);
        }
        assertThat(accepted).isGreaterThan(1_000);
        assertThat(rejected).isGreaterThan(1_000);
    }

    @Test
    void searchesAgree() {
        for (long seed = 10_000; seed < 10_300; seed++) {
            compare(seed, RegexOptions.SEARCH, 0);
        }
        assertThat(accepted).isGreaterThan(1_000);
        assertThat(rejected).isGreaterThan(1_000);
    }

    @Test
    void searchesThatIgnoreCaseAndLinesAgree() {
        for (long seed = 20_000; seed < 20_200; seed++) {
            compare(
                    seed,
                    RegexOptions.SEARCH.withIgnoreCase().withDotAll(),
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
        }
        assertThat(accepted).isGreaterThan(1_000);
        assertThat(rejected).isGreaterThan(1_000);
    }

    @Test
    void walksOfRandomPatternsMatch() {
        long bytes = 0;
        for (long seed = 30_000; seed < 30_200; seed++) {
            String pattern = pattern(new Random(seed), 2);
            Pattern java = Pattern.compile(pattern.replace(".", "[^\\n\\r\\x{2028}\\x{2029}]"));
            try {
                Constraint constraint = Regex.compile(pattern, RegexOptions.FULL_MATCH, CompileLimits.DEFAULT);
                int budget = constraint.start().fewestBytesToAccept() + 12;
                RandomWalks walks = RandomWalks.walk(
                        constraint,
                        RandomWalks.count() / 200,
                        budget,
                        seed,
                        text -> java.matcher(new String(text, StandardCharsets.UTF_8))
                                .matches());
                walks.assertClean(pattern, seed);
                bytes += walks.bytes();
            } catch (ConstraintException e) {
                assertThat(e.reason()).isIn(UNSATISFIABLE, TOO_LARGE, TOO_SLOW);
            }
        }
        assertThat(bytes).isGreaterThan(5_000);
    }

    private void compare(long seed, RegexOptions options, int javaFlags) {
        Random random = new Random(seed);
        String pattern = pattern(random, 2);
        Pattern java = Pattern.compile(pattern, javaFlags);
        Constraint constraint = null;
        try {
            constraint = Regex.compile(pattern, options, CompileLimits.DEFAULT);
        } catch (ConstraintException e) {
            assertThat(e.reason()).as("seed %d: %s", seed, pattern).isIn(UNSATISFIABLE, TOO_LARGE, TOO_SLOW);
            if (e.reason() != UNSATISFIABLE) {
                return;
            }
        }
        for (int i = 0; i < 40; i++) {
            String text = text(random);
            boolean expected = options.search()
                    ? java.matcher(text).find()
                    : java.matcher(text).matches();
            boolean actual =
                    constraint != null && RandomWalks.accepts(constraint, text.getBytes(StandardCharsets.UTF_8));
            assertThat(actual).as("seed %d: %s on \"%s\"", seed, pattern, text).isEqualTo(expected);
            accepted += expected ? 1 : 0;
            rejected += expected ? 0 : 1;
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(7); length > 0; length--) {
            text.append(TEXT[random.nextInt(random.nextBoolean() ? 4 : TEXT.length)]);
        }
        return text.toString();
    }

    private static String pattern(Random random, int depth) {
        StringBuilder pattern = new StringBuilder();
        int branches = depth == 0 || random.nextInt(3) > 0 ? 1 : 2;
        for (int branch = 0; branch < branches; branch++) {
            pattern.append(branch > 0 ? "|" : "");
            for (int terms = random.nextInt(4); terms >= 0; terms--) {
                appendTerm(pattern, random, depth);
            }
        }
        return pattern.toString();
    }

    private static void appendTerm(StringBuilder pattern, Random random, int depth) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            pattern.append(ASSERTIONS[random.nextInt(ASSERTIONS.length)]);
            return;
        }
        if (depth > 0 && kind < 4) {
            pattern.append('(').append(pattern(random, depth - 1)).append(')');
        } else {
            pattern.append(ATOMS[random.nextInt(ATOMS.length)]);
        }
        String[] quantifiers = {"*", "+", "?", "{2}", "{1,3}", "{0,2}?", "{2,}", "*?"};
        if (random.nextInt(5) < 2) {
            pattern.append(quantifiers[random.nextInt(quantifiers.length)]);
        }
    }
}
