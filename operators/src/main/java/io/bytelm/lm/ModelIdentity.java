package io.bytelm.lm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers of a session depend on besides its bytes, each thing under a name for people: fingerprints of vocabulary
 * and weights, the context, the precision. What was computed under one identity cannot be gone on from under another. What
 * only costs time or memory is no part of it.
 *
 * @param items values by name
 */
public record ModelIdentity(SortedMap<String, String> items) {
    /** What linear layers are computed in. */
    public static final String PRECISION = "precision";

    /** What keys and values are kept in; not named where they are kept as they are computed. */
    public static final String STATE_PRECISION = "state precision";

    private static final String USUAL_STATE_PRECISION = "float32";

    /** Says nothing. */
    public static final ModelIdentity UNKNOWN = new ModelIdentity(Map.of());

    public ModelIdentity {
        items = Collections.unmodifiableSortedMap(new TreeMap<>(items));
    }

    public ModelIdentity(Map<String, String> items) {
        this(new TreeMap<>(items));
    }

    /** This identity and one thing more. */
    public ModelIdentity with(String name, String value) {
        SortedMap<String, String> more = new TreeMap<>(items);
        more.put(name, value);
        return new ModelIdentity(more);
    }

    /** This identity and all that another one says. */
    public ModelIdentity with(ModelIdentity other) {
        SortedMap<String, String> more = new TreeMap<>(items);
        more.putAll(other.items);
        return new ModelIdentity(more);
    }

    /**
     * The names under which this identity and another one have different values. What only one of them says does not
     * count, so that a version that names more goes on from what one wrote that names less.
     */
    public List<String> differences(ModelIdentity other) {
        SortedSet<String> all = new TreeSet<>(items.keySet());
        all.addAll(other.items.keySet());
        List<String> names = new ArrayList<>();
        for (String name : all) {
            String mine = value(name);
            String others = other.value(name);
            if (mine != null && others != null && !mine.equals(others)) {
                names.add(name);
            }
        }
        return names;
    }

    /**
     * What it says of one thing; null if nothing. One that names the precision, and none of the states, says that states are
     * kept as they are computed: so did all versions that knew no other.
     */
    public @Nullable String value(String name) {
        String named = items.get(name);
        return named == null && name.equals(STATE_PRECISION) && items.containsKey(PRECISION)
                ? USUAL_STATE_PRECISION
                : named;
    }

    /** Some of the items, for people, such as {@code precision float32, weights 0123456789abcdef}. */
    public String described(List<String> names) {
        return String.join(
                ", ", names.stream().map(name -> name + " " + value(name)).toList());
    }
}
