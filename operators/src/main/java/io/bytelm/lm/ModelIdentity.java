package io.bytelm.lm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the numbers of a session depend on besides its bytes, each thing under a name for people: fingerprints of vocabulary
 * and weights, the context, the precision. What was computed under one identity cannot be gone on from under another. What
 * only costs time or memory is no part of it.
 *
 * @param items values by name
 */
public record ModelIdentity(SortedMap<String, String> items) {
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
     * The names under which this identity and another one have different values. What only one of them names does not
     * count, so that a version that names more goes on from what one wrote that names less.
     */
    public List<String> differences(ModelIdentity other) {
        List<String> names = new ArrayList<>();
        items.forEach((name, value) -> {
            if (!value.equals(other.items.getOrDefault(name, value))) {
                names.add(name);
            }
        });
        return names;
    }

    /** Some of the items, for people, such as {@code precision float32, weights 0123456789abcdef}. */
    public String described(List<String> names) {
        return String.join(
                ", ", names.stream().map(name -> name + " " + items.get(name)).toList());
    }
}
