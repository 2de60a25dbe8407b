package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Attention with linear biases (Press et al., 2022): a model without embeddings of positions, in which a score becomes the
 * smaller the farther its key lies before the query. To softmax it is all the same whether positions are counted from the
 * query or from the text's beginning.
 *
 * @param slopes one for each head: what a token's distance costs
 * @param factor of the biases
 * @param rounded whether slopes, positions from the text's beginning, and their products are rounded to bfloat16 before
 */
public record Alibi(List<Float> slopes, double factor, boolean rounded) {
    /** Copies the list. */
    public Alibi {
        slopes = List.copyOf(slopes);
    }

    /** The slopes of Bloom and Falcon: a geometric series, and, beyond a power of two, every other one of the next. */
    static Alibi geometric(int heads) {
        int most = Integer.highestOneBit(heads);
        Stream<Float> first = IntStream.rangeClosed(1, most).mapToObj(i -> power(base(most), i));
        Stream<Float> others = IntStream.range(0, heads - most).mapToObj(i -> power(base(2 * most), 2 * i + 1));
        return new Alibi(Stream.concat(first, others).toList(), 1, false);
    }

    private static float base(int heads) {
        return (float) Math.pow(2, -8.0 / heads);
    }

    private static float power(float base, int exponent) {
        return (float) Math.pow(base, exponent);
    }

    /**
     * The slopes of MPT: a geometric series down to {@code 2^-8}; where heads are no power of two, every other one of a
     * longer series, and then the rest of it.
     */
    static Alibi ofMpt(int heads) {
        int series = heads == 1 ? 1 : Integer.highestOneBit(heads - 1) << 1;
        float step = 8f / series;
        List<Float> slopes = IntStream.range(0, heads)
                .map(head -> series == heads ? head : 2 * head < series ? 2 * head + 1 : 2 * head - series)
                .mapToObj(i -> (float) (1 / Math.pow(2, (i + 1) * step)))
                .toList();
        return new Alibi(slopes, 1, false);
    }

    /** With biases that are rounded to bfloat16, and then multiplied. */
    Alibi rounded(double newFactor) {
        return new Alibi(slopes, newFactor, true);
    }
}
