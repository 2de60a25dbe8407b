package io.bytelm.constraint.schema.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionsOfLengthTest {
    private static ByteDfa automaton(String pattern) {
        return ((DfaConstraint) Regex.compile(pattern, RegexOptions.FULL_MATCH, CompileLimits.DEFAULT)).dfa();
    }

    private static long listed(ByteDfa dfa, int state, int length) {
        if (length == 0) {
            return dfa.accepting(state) ? 1 : 0;
        }
        long count = 0;
        ByteSet live = dfa.live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            count += listed(dfa, dfa.next(state, b), length - 1);
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*", "(ab|c){0,3}d?", "(a|bb)*c{2,}", "|a|aba|b{5}", "(a|b)*a(a|b){2}"})
    void areAsManyAsCanBeListed(String pattern) {
        ByteDfa dfa = automaton(pattern);
        KeyRests rests = new KeyRests(dfa);
        for (int state = 0; state < dfa.stateCount(); state++) {
            for (int length : new int[] {3, 0, 7, 1, 2, 8, 4, 5, 6}) {
                long listed = listed(dfa, state, length);
                assertThat(CompletionsOfLength.count(dfa, state, length)).isEqualTo(listed);
                assertThat(rests.count(state, length)).isEqualTo(listed);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"811, 0", "812, 2048", "813, 4096", "820, 524288"})
    void areCountedInALargeAutomatonToo(int length, long count) {
        assertThat(CompletionsOfLength.count(automaton("(a|b)*a(a|b){11}c{800}"), 0, length))
                .isEqualTo(count);
    }
}
