package io.bytelm.constraint.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.ProcessorTime;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a stranger sends as a source: a constraint, or a refusal, within the limits. Failures name the seed. */
class HostileSourcesTest {
    /** A tenth of the default, so that many sources come to their limits. */
    private static final CompileLimits LIMITS = new CompileLimits(20_000, 250, 6L << 20, 8_000_000);

    private static final int SOURCES = 250;

    @ParameterizedTest
    @EnumSource(
            value = ConstraintKind.class,
            names = {"CHOICES", "REGEX", "JSON_SCHEMA", "GBNF", "LARK", "COMPOSED"})
    void isCompiledOrRefusedWithinItsBudget(ConstraintKind kind) {
        int compiled = 0;
        for (long seed = 0; seed < SOURCES; seed++) {
            String text = new HostileSources(new Random(seed)).of(kind);
            compiled += isCompiled(kind, text, seed) ? 1 : 0;
        }
        assertThat(compiled).isBetween(kind == ConstraintKind.LARK ? 5 : 10, SOURCES - 10);
    }

    private static boolean isCompiled(ConstraintKind kind, String text, long seed) {
        boolean[] compiled = new boolean[1];
        String name = kind + ", seed " + seed + ": " + text.substring(0, Math.min(200, text.length()));
        Duration worked = ProcessorTime.of(() -> {
            try {
                CompileBudget budget = CompileBudget.start(LIMITS);
                walk(ConstraintSource.of(kind, text).compile(budget), new Random(seed));
                compiled[0] = true;
            } catch (ConstraintException refusal) {
                assertThat(refusal.getMessage()).as(name).hasSizeLessThan(1_100);
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(name, failure);
            }
        });
        // a tenth of two seconds; the rest is for a JVM that has just started, and for a slow machine
        assertThat(worked).as(name).isLessThan(Duration.ofSeconds(2));
        return compiled[0];
    }

    private static void walk(Constraint constraint, Random random) {
        Cursor cursor = constraint.start();
        for (int left = 24; left > 0; left--) {
            ByteSet live = cursor.live(left + random.nextInt(1_000));
            if (live.isEmpty()) {
                return;
            }
            int[] bytes = live.toArray();
            Cursor next = cursor.step(bytes[random.nextInt(bytes.length)]);
            assertThat(next).isNotNull();
            cursor = random.nextInt(8) == 0 ? constraint.restore(next.save()) : next;
        }
    }
}
