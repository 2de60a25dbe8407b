package io.bytelm.candidate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Candidates by their beginnings (a radix tree): what several have in common stands in it once.
 *
 * @param text a candidate that leads through here; not to be changed
 * @param from the bytes of {@code text} from here
 * @param to up to here are those between the node above and this one
 * @param places the candidates that end here, as they are numbered in the list
 * @param branches those that go on, by their next byte
 */
record CandidateTree(byte[] text, int from, int to, List<Integer> places, List<CandidateTree> branches) {
    /** The tree of all texts; its root has the bytes, perhaps none, that all begin with. */
    static CandidateTree of(List<byte[]> texts) {
        List<Integer> sorted = new ArrayList<>();
        for (int place = 0; place < texts.size(); place++) {
            sorted.add(place);
        }
        sorted.sort((one, other) -> Arrays.compareUnsigned(texts.get(one), texts.get(other)));
        return of(texts, sorted, 0);
    }

    /** @param sorted texts that have their first {@code from} bytes in common */
    private static CandidateTree of(List<byte[]> texts, List<Integer> sorted, int from) {
        byte[] first = texts.get(sorted.get(0));
        byte[] last = texts.get(sorted.get(sorted.size() - 1));
        int differing = Arrays.mismatch(first, last);
        int to = differing < 0 ? first.length : differing;
        int ending = 0;
        while (ending < sorted.size() && texts.get(sorted.get(ending)).length == to) {
            ending++;
        }
        List<CandidateTree> branches = new ArrayList<>();
        for (int at = ending; at < sorted.size(); ) {
            int next = at;
            while (next < sorted.size() && texts.get(sorted.get(next))[to] == texts.get(sorted.get(at))[to]) {
                next++;
            }
            branches.add(of(texts, sorted.subList(at, next), to));
            at = next;
        }
        return new CandidateTree(last, from, to, List.copyOf(sorted.subList(0, ending)), branches);
    }
}
