package io.bytelm.job.cli;

import java.util.ArrayList;
import java.util.List;

/** How the layers of a model are named. */
final class LayerRanges {
    private LayerRanges() {}

    /**
     * Such as {@code 0-4, 6-10}.
     *
     * @param numbers ascending
     */
    static String of(List<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        for (int first = 0, last = 0; first < numbers.size(); first = ++last) {
            while (last + 1 < numbers.size() && numbers.get(last + 1) == numbers.get(last) + 1) {
                last++;
            }
            ranges.add(first == last ? "" + numbers.get(first) : numbers.get(first) + "-" + numbers.get(last));
        }
        return String.join(", ", ranges);
    }
}
