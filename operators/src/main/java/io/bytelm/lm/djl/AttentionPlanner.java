package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the new tokens of a pass into groups that attend to much the same slots. A group reads each of its slots once and
 * computes all of its tokens against all of its slots, masked where a slot is not before a token. So joining a group
 * saves reading shared slots again and costs products that the mask throws away.
 */
final class AttentionPlanner {
    /** Gathering and packing a slot takes as long as this many products of one token with one slot. */
    private static final int READ_COST = 8;

    /** Where a long beginning is new, later blocks of tokens attend to more slots than earlier ones. */
    private static final int MAX_GROUP_TOKENS = 64;

    private static final int NONE = -1;

    /** The newest group that has a slot; {@link #NONE} for all between calls. */
    private final int[] groupOfSlot;

    private final int[] columnOfSlot;
    private final int maxSlots;
    private final List<AttentionGroup> groups = new ArrayList<>();

    /**
     * @param slots how many there are
     * @param maxSlots the most that one bucket reads, unless one group needs more
     */
    AttentionPlanner(int slots, int maxSlots) {
        this.maxSlots = maxSlots;
        this.groupOfSlot = new int[slots];
        this.columnOfSlot = new int[slots];
        Arrays.fill(groupOfSlot, NONE);
    }

    /**
     * Plans one pass. Its tokens are to be computed in the order in which the buckets name them.
     *
     * @param added in any order; all of their ancestors have states or are among them
     */
    List<AttentionBucket> plan(List<CachedToken> added) {
        List<CachedToken> byPosition = new ArrayList<>(added);
        byPosition.sort(Comparator.comparingInt(CachedToken::position));
        byPosition.forEach(this::place);
        List<AttentionBucket> buckets = new ArrayList<>();
        for (List<AttentionGroup> batch : AttentionBucket.batch(groups, maxSlots)) {
            buckets.add(AttentionBucket.of(batch, columnOfSlot));
        }
        groups.forEach(this::forgetSlots);
        groups.clear();
        return buckets;
    }

    private void place(CachedToken token) {
        int lacking = 0;
        CachedToken shared = token;
        while (shared != null && groupOfSlot[shared.slot] == NONE) {
            lacking++;
            shared = shared.parent;
        }
        int group = shared == null ? NONE : groupOfSlot[shared.slot];
        if (group == NONE || !paysToJoin(groups.get(group), token.length(), lacking)) {
            group = groups.size();
            groups.add(new AttentionGroup());
            shared = null;
        }
        groups.get(group).tokens.add(token);
        addSlots(group, token, shared);
    }

    private static boolean paysToJoin(AttentionGroup group, int length, int lacking) {
        int masked = group.tokens.size() * lacking + group.slotCount() + lacking - length;
        return group.tokens.size() < MAX_GROUP_TOKENS && masked <= READ_COST * (length - lacking);
    }

    /** Adds the slots of a token and of those before it, up to {@code end}. */
    private void addSlots(int group, CachedToken token, @Nullable CachedToken end) {
        for (CachedToken at = token; at != null && at != end; at = at.parent) {
            groups.get(group).addSlot(at.slot);
            groupOfSlot[at.slot] = group;
        }
    }

    private void forgetSlots(AttentionGroup group) {
        for (int column = 0; column < group.slotCount(); column++) {
            groupOfSlot[group.slot(column)] = NONE;
        }
    }
}
