package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the new tokens of a pass into groups that attend to much the same slots. A group reads each of its slots once and
 * computes all of its tokens against all of its slots, masked where a slot is not before a token. So joining a group
 * saves reading shared slots again and costs products that the mask throws away.
 */
final class AttentionGroups {
    /** Reading a slot takes as long as this many products of one token with one slot. */
    private static final int READ_COST = 8;

    private final List<AttentionGroup> groups = new ArrayList<>();
    private final int[] groupOfSlot;

    private AttentionGroups(int slots) {
        this.groupOfSlot = new int[slots];
        Arrays.fill(groupOfSlot, -1);
    }

    /**
     * @param added each after its parent
     * @param slots how many slots there are
     */
    static List<AttentionGroup> of(List<CachedToken> added, int slots) {
        AttentionGroups sorted = new AttentionGroups(slots);
        for (int i = 0; i < added.size(); i++) {
            sorted.place(i, added.get(i));
        }
        return sorted.groups;
    }

    private void place(int index, CachedToken token) {
        int lacking = 0;
        CachedToken shared = token;
        while (shared != null && groupOfSlot[shared.slot] < 0) {
            lacking++;
            shared = shared.parent;
        }
        int candidate = shared == null ? -1 : groupOfSlot[shared.slot];
        boolean joins = candidate >= 0 && paysToJoin(groups.get(candidate), token.length(), lacking);
        if (!joins) {
            candidate = groups.size();
            groups.add(new AttentionGroup());
            shared = null;
        }
        groups.get(candidate).addMember(index);
        addSlots(candidate, token, shared);
    }

    private static boolean paysToJoin(AttentionGroup group, int length, int lacking) {
        int masked = group.members.size() * lacking + group.slotCount() + lacking - length;
        return masked <= READ_COST * (length - lacking);
    }

    /** Adds the slots of a token and of those before it, up to {@code end}. */
    private void addSlots(int group, CachedToken token, @Nullable CachedToken end) {
        for (CachedToken at = token; at != end && at != null; at = at.parent) {
            groups.get(group).addSlot(at.slot);
            groupOfSlot[at.slot] = group;
        }
    }
}
