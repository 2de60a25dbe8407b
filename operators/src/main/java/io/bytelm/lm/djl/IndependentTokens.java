package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Splits the new tokens of a pass so that no token attends to a new one of another part. */
final class IndependentTokens {
    private IndependentTokens() {}

    /**
     * Splits into parts of about the same size; fewer where the tokens hang together. Neighbours stay together where they
     * can: they are likely to share a beginning.
     *
     * @param added each after its parent, if that is new
     * @param parts at most so many
     * @return at least one part, none of them empty, each in the order of {@code added}
     */
    static List<List<CachedToken>> split(List<CachedToken> added, int parts) {
        if (parts == 1) {
            return List.of(added);
        }
        Map<CachedToken, List<CachedToken>> familyOf = new HashMap<>();
        List<List<CachedToken>> families = new ArrayList<>();
        for (CachedToken token : added) {
            List<CachedToken> family = token.parent == null ? null : familyOf.get(token.parent);
            if (family == null) {
                family = new ArrayList<>();
                families.add(family);
            }
            family.add(token);
            familyOf.put(token, family);
        }
        List<List<CachedToken>> split = new ArrayList<>();
        int before = 0;
        int taken = 0;
        for (List<CachedToken> family : families) {
            int part = (int) ((before + family.size() / 2) * (long) parts / added.size());
            if (split.isEmpty() || part >= taken) {
                split.add(new ArrayList<>());
                taken = part + 1;
            }
            split.get(split.size() - 1).addAll(family);
            before += family.size();
        }
        return split;
    }
}
