package io.bytelm.job.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Outputs of a constraint drawn without a model, as decoding draws them: {@link Cursor#live(int)} and {@link Cursor#step} for each
 * byte, within a byte budget.
 *
 * @param fewestBytes of the shortest output
 * @param walks outputs drawn: a thousand; fewer where they are long, none of more than a million bytes
 * @param complete of these, how many satisfy the constraint
 * @param bytes of all outputs
 * @param maskNsMean both calls for one byte, the mean; the clock's own time is in it
 * @param maskNsP50 the same, median
 * @param maskNsP999 the same, 99.9th percentile
 * @param ignored what is left out of schemas since it is not enforced
 */
record ConstraintWalks(
        @JsonProperty("fewest_bytes") int fewestBytes,
        @JsonProperty("walks") int walks,
        @JsonProperty("complete") int complete,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("mask_ns_mean") double maskNsMean,
        @JsonProperty("mask_ns_p50") long maskNsP50,
        @JsonProperty("mask_ns_p999") long maskNsP999,
        @JsonProperty("ignored") List<String> ignored) {
    private static final int WARM_UP_WALKS = 300;
    private static final int WALKS = 1_000;
    /** Of all outputs together, those to warm up apart: a constraint may have no short ones. */
    private static final long MOST_BYTES = 1 << 20;

    private static final int BUDGET_BYTES = 400;
    private static final int ENDS_ONE_IN = 32;

    /** Draws some outputs to warm up, and then those that count; the same for the same constraint. */
    static ConstraintWalks of(ConstraintOptions.Compiled compiled) {
        Cursor start = compiled.constraint().start();
        long budget = (long) start.fewestBytesToAccept() + BUDGET_BYTES;
        List<Long> warmUp = new ArrayList<>();
        for (int walk = 0; walk < WARM_UP_WALKS && warmUp.size() + budget <= MOST_BYTES; walk++) {
            walk(start, budget, new Random(-1 - walk), warmUp);
        }
        List<Long> nanos = new ArrayList<>();
        int complete = 0;
        int walks = 0;
        while (walks < WALKS && nanos.size() + budget <= MOST_BYTES) {
            complete += walk(start, budget, new Random(walks++), nanos).accepting() ? 1 : 0;
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return new ConstraintWalks(
                start.fewestBytesToAccept(),
                walks,
                complete,
                sorted.length,
                Arrays.stream(sorted).average().orElse(0),
                quantile(sorted, 0.5),
                quantile(sorted, 0.999),
                compiled.ignored());
    }

    private static Cursor walk(Cursor start, long budget, Random random, List<Long> nanos) {
        Cursor cursor = start;
        for (int left = (int) budget; left > 0; left--) {
            if (cursor.accepting() && random.nextInt(ENDS_ONE_IN) == 0) {
                return cursor;
            }
            long before = System.nanoTime();
            ByteSet live = cursor.live(left);
            long masked = System.nanoTime();
            if (live.isEmpty()) {
                return cursor;
            }
            int chosen = chosen(live, random);
            long chose = System.nanoTime();
            Cursor next = cursor.step(chosen);
            nanos.add(masked - before + System.nanoTime() - chose);
            if (next == null) {
                throw new IllegalStateException("byte " + chosen + " is live but cannot be read");
            }
            cursor = next;
        }
        return cursor;
    }

    /** A live byte, of printable ones if there are such. */
    private static int chosen(ByteSet live, Random random) {
        ByteSet printable = live.and(ByteSet.range(' ', '~'));
        int[] members = (printable.isEmpty() ? live : printable).toArray();
        return members[random.nextInt(members.length)];
    }

    private static long quantile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
    }
}
