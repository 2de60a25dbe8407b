package io.bytelm.constraint.composed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random nested compositions against all texts over a small alphabet, at every prefix. {@code -Dcompose.seeds=5000} compares more
 * of them; a failure names its seed.
 */
class RandomCompositionTest {
    private static final int SEEDS = Integer.getInteger("compose.seeds", 50);
    private static final ByteSet LETTERS = ByteSet.of('a', 'b', '1');

    private int refused;
    private int withLeaves;
    private int ambiguous;
    private int positions;

    @Test
    void everyPositionIsAsAllTextsSay() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomComposition composition = RandomComposition.of(new Random(seed), 3);
            String name = "seed " + seed + ": " + composition.json();
            Constraint constraint = compile(composition.json(), name);
            if (constraint == null) {
                refused++;
                continue;
            }
            withLeaves += constraint instanceof ComposedConstraint ? 1 : 0;
            compare(constraint, constraint.start(), "", composition.language(), name);
        }
        assertThat(refused).isLessThanOrEqualTo(SEEDS / 100);
        assertThat(withLeaves).isGreaterThan(SEEDS / 5);
        assertThat(ambiguous).isGreaterThan(SEEDS);
        assertThat(positions).isGreaterThan(20 * SEEDS);
    }

    /** Null if it is over the limits, as nested free text can be. */
    private static @Nullable Constraint compile(String json, String name) {
        try {
            return ConstraintSource.of(ConstraintKind.COMPOSED, json)
                    .compile(CompileBudget.start(CompileLimits.DEFAULT));
        } catch (ConstraintException e) {
            assertThat(e.isOverALimit()).as("%s: %s", name, e.getMessage()).isTrue();
            return null;
        }
    }

    private void compare(Constraint constraint, Cursor cursor, String prefix, Language language, String name) {
        String place = name + ", after \"" + prefix + "\"";
        positions++;
        ambiguous += cursor instanceof Several ? 1 : 0;
        assertThat(cursor.accepting()).as(place).isEqualTo(language.texts().contains(prefix));
        compareFewest(cursor, prefix, language, place);
        for (int left = 0; left <= Language.LONGEST - prefix.length(); left++) {
            assertThat(cursor.live(left).and(LETTERS))
                    .as("%s, %d left", place, left)
                    .isEqualTo(live(prefix, left, language));
        }
        compareForced(cursor, place);
        Cursor restored = constraint.restore(cursor.save());
        assertThat(restored.live()).as(place).isEqualTo(cursor.live());
        assertThat(restored.fewestBytesToAccept()).as(place).isEqualTo(cursor.fewestBytesToAccept());
        assertThat(restored.accepting()).as(place).isEqualTo(cursor.accepting());
        if (prefix.length() < Language.LONGEST) {
            Cursor goesOn = prefix.hashCode() % 2 == 0 ? restored : cursor;
            for (byte letter : Language.LETTERS.getBytes(US_ASCII)) {
                @Nullable Cursor next = goesOn.step(letter);
                assertThat(next != null).as(place).isEqualTo(cursor.live().contains(letter));
                if (next != null) {
                    compare(constraint, next, prefix + (char) letter, language, name);
                }
            }
        }
    }

    /** The shortest completion, and at the same time that there is one: each is one byte longer than another. */
    private static void compareFewest(Cursor cursor, String prefix, Language language, String place) {
        int shortest = language.texts().stream()
                .filter(text -> text.startsWith(prefix))
                .mapToInt(text -> text.length() - prefix.length())
                .min()
                .orElse(Cursor.VERY_MANY_BYTES);
        int fewest = cursor.fewestBytesToAccept();
        if (shortest < Cursor.VERY_MANY_BYTES) {
            assertThat(fewest).as(place).isEqualTo(shortest);
        } else {
            assertThat(fewest).as(place).isBetween(Language.LONGEST - prefix.length() + 1, 100);
        }
        int best = cursor.accepting() ? 0 : Cursor.VERY_MANY_BYTES;
        for (byte letter : Language.LETTERS.getBytes(US_ASCII)) {
            @Nullable Cursor next = cursor.step(letter);
            best = next == null ? best : Math.min(best, 1 + next.fewestBytesToAccept());
        }
        assertThat(fewest).as(place).isEqualTo(best);
    }

    private static ByteSet live(String prefix, int left, Language language) {
        return LETTERS.retain(letter -> language.texts().stream()
                .anyMatch(text -> text.startsWith(prefix + (char) letter) && text.length() <= prefix.length() + left));
    }

    private static void compareForced(Cursor cursor, String place) {
        ByteSet live = cursor.live();
        int only = live.size() == 1 && !cursor.accepting() ? live.nextMember(0) : -1;
        assertThat(cursor.forcedByte()).as(place).isEqualTo(only);
        boolean goesOn = !live.isEmpty() || cursor.accepting();
        assertThat(goesOn).as(place).isTrue();
    }
}
