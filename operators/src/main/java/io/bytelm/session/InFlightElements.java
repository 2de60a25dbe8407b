package io.bytelm.session;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The elements in flight, a queue for each session: the first one is worked on, the others wait for their turn. Confined
 * to the task thread.
 */
final class InFlightElements {
    private final Map<String, Queue<InFlightElement>> queues = new LinkedHashMap<>();
    private int size;

    /** True if no other element of its session is in flight: it may start. */
    boolean add(InFlightElement element) {
        Queue<InFlightElement> queue = queues.computeIfAbsent(element.session(), session -> new ArrayDeque<>());
        queue.add(element);
        size++;
        return queue.size() == 1;
    }

    /**
     * Takes the element that was worked on out.
     *
     * @return the next one of its session; null if there is none
     */
    @Nullable
    InFlightElement removeFirst(String session) {
        Queue<InFlightElement> queue = queues.get(session);
        if (queue == null) {
            throw new IllegalStateException("session has no element in flight");
        }
        queue.remove();
        size--;
        if (queue.isEmpty()) {
            queues.remove(session);
        }
        return queue.peek();
    }

    boolean hasSession(String session) {
        return queues.containsKey(session);
    }

    /** The queues of all sessions that have one, none of them empty, in order of arrival. */
    Collection<Queue<InFlightElement>> queues() {
        return Collections.unmodifiableCollection(queues.values());
    }

    int size() {
        return size;
    }

    int sessions() {
        return queues.size();
    }
}
