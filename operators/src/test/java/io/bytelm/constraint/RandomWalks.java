package io.bytelm.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decodes at random under a byte budget, as a model without any preference would, and counts what must never happen.
 *
 * @param deadEnds walks that came to a position with nothing live that was not accepting
 * @param truncated walks that ran out of budget in a position that was not accepting
 * @param invalid finished walks that the independent validator refused
 * @param bytes all bytes of all walks
 */
public record RandomWalks(int walks, int deadEnds, int truncated, int invalid, long bytes) {
    private static final String COUNT_PROPERTY = "constraint.walks";

    /** How many walks a test does: a few thousand, or the system property {@code constraint.walks}. */
    public static int count() {
        return Integer.getInteger(COUNT_PROPERTY, 2_000);
    }

    /** @param validator says whether a finished walk satisfies the constraint; asked of something else than its code */
    public static RandomWalks walk(
            Constraint constraint, int walks, int budgetBytes, long seed, Predicate<byte[]> validator) {
        Random random = new Random(seed);
        int[] failures = new int[3];
        long bytes = 0;
        for (int i = 0; i < walks; i++) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            Cursor end = walkOnce(constraint, budgetBytes, random, text);
            bytes += text.size();
            if (!end.accepting()) {
                failures[text.size() < budgetBytes ? 0 : 1]++;
            } else if (!validator.test(text.toByteArray())) {
                failures[2]++;
            }
        }
        return new RandomWalks(walks, failures[0], failures[1], failures[2], bytes);
    }

    /** That nothing of what must never happen did. */
    public void assertClean(String name, long seed) {
        assertThat(this).as("%s, seed %d", name, seed).isEqualTo(new RandomWalks(walks, 0, 0, 0, bytes));
    }

    private static Cursor walkOnce(Constraint constraint, int budgetBytes, Random random, ByteArrayOutputStream text) {
        Cursor cursor = constraint.start();
        for (int left = budgetBytes; left > 0; left--) {
            ByteSet live = cursor.live(left);
            if (left < 16) {
                assertThat(live).isEqualTo(liveByStepping(cursor, left));
            }
            if (live.isEmpty() || (cursor.accepting() && random.nextInt(8) == 0)) {
                return cursor;
            }
            if (random.nextInt(64) == 0) {
                cursor = constraint.restore(cursor.save());
                assertThat(cursor.live(left)).isEqualTo(live);
            }
            int next = choose(live, random);
            text.write(next);
            cursor = step(cursor, next);
        }
        return cursor;
    }

    private static ByteSet liveByStepping(Cursor cursor, int left) {
        return cursor.live().retain(b -> step(cursor, b).fewestBytesToAccept() < left);
    }

    /** A live byte; half of the time a printable one of ASCII if there is one. */
    public static int choose(ByteSet live, Random random) {
        ByteSet printable = live.and(ByteSet.range(0x20, 0x7E));
        int[] members = (printable.isEmpty() || random.nextBoolean() ? live : printable).toArray();
        return members[random.nextInt(members.length)];
    }

    /** One step that must be possible. */
    public static Cursor step(Cursor cursor, int nextByte) {
        @Nullable Cursor next = cursor.step(nextByte);
        if (next == null) {
            throw new AssertionError("byte " + nextByte + " is not live");
        }
        return next;
    }

    /** The position after these bytes, which must be possible. */
    public static Cursor after(Constraint constraint, byte[] bytes) {
        return after(constraint.start(), bytes);
    }

    /** The same from a position on. */
    public static Cursor after(Cursor start, byte[] bytes) {
        Cursor cursor = start;
        for (byte b : bytes) {
            cursor = step(cursor, b & 0xFF);
        }
        return cursor;
    }

    /** Whether a constraint accepts these bytes; checks on the way that the live bytes are those that can be stepped. */
    public static boolean accepts(Constraint constraint, byte[] bytes) {
        Cursor cursor = constraint.start();
        for (byte b : bytes) {
            @Nullable Cursor next = cursor.step(b & 0xFF);
            assertThat(cursor.live().contains(b & 0xFF)).isEqualTo(next != null);
            if (next == null) {
                return false;
            }
            cursor = next;
        }
        return cursor.accepting();
    }
}
