package io.bytelm.lm.checkpoint;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expert's matrix where all of a layer's experts lie in two tensors, {@code gate_up_proj} {@code [experts, 2 * inner,
 * hidden]}, the gate's rows first, and {@code down_proj} {@code [experts, hidden, inner]}: transformers 5 reads either, whatever
 * the architecture.
 *
 * @param whole the name of the tensor that it is a part of
 * @param part the matrix
 */
record StackedExperts(String whole, PlainTensor part) {
    private static final Pattern MATRIX =
            Pattern.compile("(.*\\.experts\\.)(\\d{1,6})\\.(gate_proj|up_proj|down_proj)\\.weight");

    /**
     * Finds it by the name that it has where it is a tensor of its own.
     *
     * @param tensors of the checkpoint, by name
     * @return null if the name is no expert's, or its experts do not lie together
     */
    static @Nullable StackedExperts find(String name, Map<String, StoredTensor> tensors) {
        Matcher matrix = MATRIX.matcher(name);
        if (!matrix.matches()) {
            return null;
        }
        boolean down = matrix.group(3).equals("down_proj");
        String whole = whole(matrix.group(1), down, tensors);
        int expert = Integer.parseInt(matrix.group(2));
        if (!(tensors.get(whole) instanceof PlainTensor all) || all.shape().length != 3 || expert >= all.shape()[0]) {
            return null;
        }
        PlainTensor own = all.slice(expert);
        return new StackedExperts(whole, down ? own : half(own, matrix.group(3).equals("up_proj")));
    }

    /** Granite's have names of their own. */
    private static String whole(String experts, boolean down, Map<String, StoredTensor> tensors) {
        String usual = experts + (down ? "down_proj" : "gate_up_proj");
        String ofGranite = experts.replaceFirst(
                "(.*block_sparse_moe\\.)experts\\.$", down ? "$1output_linear.weight" : "$1input_linear.weight");
        return tensors.containsKey(usual) ? usual : ofGranite;
    }

    private static PlainTensor half(PlainTensor matrix, boolean second) {
        long rows = matrix.shape()[0] / 2;
        long columns = matrix.shape()[1];
        long skipped = second ? rows * columns * matrix.type().bytes() : 0;
        return new PlainTensor(
                matrix.file(), matrix.name(), matrix.type(), new long[] {rows, columns}, matrix.offset() + skipped);
    }
}
