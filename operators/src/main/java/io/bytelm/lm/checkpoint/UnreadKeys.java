package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a JSON object, and of those in it, that nobody asked for.
 *
 * @param unknown those that may have changed results, with their values, in order
 * @param passedOver those that are known to change nothing, in order
 */
record UnreadKeys(List<String> unknown, List<String> passedOver) {
    /** Puts the lists in order. */
    UnreadKeys {
        unknown = unknown.stream().sorted().toList();
        passedOver = passedOver.stream().sorted().toList();
    }

    /**
     * Finds them.
     *
     * @param place what comes before the object's keys where they are named
     * @param asked the keys that were asked for; what is in an object must have been asked for too
     * @param ignored the keys that change nothing, with all that is in them
     * @param harmless keys that change nothing, wherever they stand
     */
    static UnreadKeys of(JsonNode object, String place, Set<String> asked, Set<String> ignored, Set<String> harmless) {
        UnreadKeys unread = new UnreadKeys(List.of(), List.of());
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String key = place + entry.getKey();
            JsonNode value = entry.getValue();
            boolean known = asked.contains(key);
            if (ignored.contains(key) || (!known && harmless.contains(entry.getKey()))) {
                unread = unread.plus(new UnreadKeys(List.of(), List.of(key)));
            } else if (known && value.isObject()) {
                unread = unread.plus(of(value, key + ".", asked, ignored, harmless));
            } else if (!known && !value.isNull()) {
                unread = unread.plus(new UnreadKeys(List.of("'" + key + "' (" + shortened(value) + ")"), List.of()));
            }
        }
        return unread;
    }

    private UnreadKeys plus(UnreadKeys other) {
        return new UnreadKeys(joined(unknown, other.unknown), joined(passedOver, other.passedOver));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return Collections.unmodifiableList(all);
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
