package io.bytelm.lm.djl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the new tokens of a pass into groups that attend to much the same slots. A group reads each of its slots once and
 * computes all of its tokens against all of its slots, masked where a slot is not before a token. So joining a group
 * saves reading shared slots again and costs products that the mask throws away. {@link Trunk}s that tokens have in common
 * are read where they are.
 */
final class AttentionPlanner {
    /** Gathering and packing a slot takes as long as this many products of one token with one slot. */
    private static final int READ_COST = 8;

    /** The same of a token of a trunk, which is not gathered. */
    private static final int TRUNK_READ_COST = 4;

    /** Where a long beginning is new, later blocks of tokens attend to more slots than earlier ones. */
    private static final int MAX_GROUP_TOKENS = 64;

    private static final int NONE = -1;

    /** The newest group that has a slot; {@link #NONE} for all between calls. */
    private final int[] groupOfSlot;

    /** The newest group that reads trunks up to a token. */
    private final Map<CachedToken, Integer> groupOfTrunk = new HashMap<>();

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
        groupOfTrunk.clear();
        return buckets;
    }

    private void place(CachedToken token) {
        int lacking = 0;
        CachedToken shared = token;
        while (shared != null && shared.trunk == null && groupOfSlot[shared.slot] == NONE) {
            lacking++;
            shared = shared.parent;
        }
        int group = groupThatHas(shared);
        if (group == NONE || !paysToJoin(groups.get(group), token, lacking)) {
            group = groups.size();
            shared = trunkEnd(shared);
            groups.add(new AttentionGroup(shared));
            if (shared != null) {
                groupOfTrunk.put(shared, group);
            }
        }
        groups.get(group).tokens.add(token);
        addSlots(group, token, shared);
    }

    /** The newest group that reads a token; {@link #NONE} for none. */
    private int groupThatHas(@Nullable CachedToken shared) {
        if (shared == null) {
            return NONE;
        }
        return shared.trunk == null ? groupOfSlot[shared.slot] : groupOfTrunk.getOrDefault(shared, NONE);
    }

    /** The last token before one, or that one, which is part of a trunk. */
    private static @Nullable CachedToken trunkEnd(@Nullable CachedToken from) {
        CachedToken at = from;
        while (at != null && at.trunk == null) {
            at = at.parent;
        }
        return at;
    }

    private static boolean paysToJoin(AttentionGroup group, CachedToken token, int lacking) {
        int beside = token.length() - group.trunkTokens();
        int masked = group.tokens.size() * lacking + group.slotCount() + lacking - beside;
        int saved = READ_COST * (beside - lacking) + TRUNK_READ_COST * group.trunkTokens();
        return group.tokens.size() < MAX_GROUP_TOKENS && masked <= saved;
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
