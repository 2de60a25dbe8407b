package io.bytelm.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DfaProductTest {
    private static final String[] PATTERNS = {
        "(a|b)*abb", "(ab)*", "a*b*", "[^a]*", "é.*", "", "(?!.*bb).*", "a{2,4}|b", ".*", "[ab]{3}(é|)"
    };

    private static CompileBudget budget() {
        return CompileBudget.start(CompileLimits.DEFAULT);
    }

    private static ByteDfa regex(String pattern) {
        return Regex.compile(pattern, RegexOptions.FULL_MATCH, Utf8.INSTANCE, budget());
    }

    @Test
    void setOperationsAgreeWithThoseOnTheAnswers() {
        Random random = new Random(7);
        for (String left : PATTERNS) {
            for (String right : PATTERNS) {
                compare(regex(left), regex(right), random);
            }
        }
    }

    private static void compare(ByteDfa left, ByteDfa right, Random random) {
        ByteDfa union = DfaProduct.union(left, right, budget());
        ByteDfa intersection = DfaProduct.intersection(left, right, budget());
        ByteDfa difference = DfaProduct.difference(left, right, budget());
        for (int i = 0; i < 200; i++) {
            byte[] text = text(random);
            boolean inLeft = left.accepts(text);
            boolean inRight = right.accepts(text);
            assertThat(union.accepts(text)).isEqualTo(inLeft || inRight);
            assertThat(intersection.accepts(text)).isEqualTo(inLeft && inRight);
            assertThat(difference.accepts(text)).isEqualTo(inLeft && !inRight);
        }
        assertThat(DfaProduct.union(difference, intersection, budget())).isEqualTo(left);
    }

    private static byte[] text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            text.append("aabbé".charAt(random.nextInt(5)));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aLanguageWithoutItselfIsEmpty() {
        ByteDfa any = regex(".*");
        ByteDfa none = DfaProduct.difference(any, any, budget());
        assertThat(none.isEmpty()).isTrue();
        assertThat(DfaProduct.union(none, any, budget())).isEqualTo(any);
        assertThat(none.accepts(new byte[0])).isFalse();
    }

    @Test
    void automataAreReusedInsideExpressions() {
        ByteDfa ab = Literals.of(List.of("a".getBytes(StandardCharsets.UTF_8), new byte[] {'b', 'b'}), budget());
        ByteDfa twice = ExpressionCompiler.compile(
                new Expression.Repeat(new Expression.Automaton(ab), 2, 3), Utf8.INSTANCE, budget());
        assertThat(twice).isEqualTo(regex("(a|bb){2,3}"));
    }
}
