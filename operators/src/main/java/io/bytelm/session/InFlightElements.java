package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The elements in flight, a queue for each session: the first one is worked on, the others wait for their turn. Confined
 * to the task thread.
 */
final class InFlightElements {
    private final SessionSettings bounds;
    private final Map<String, Queue<InFlightElement>> queues = new LinkedHashMap<>();
    private final Map<String, Long> outputBytes = new HashMap<>();
    private int size;
    private long bytes;

    InFlightElements(SessionSettings bounds) {
        this.bounds = bounds;
    }

    /** Whether there is room for another record of this session; there always is if nothing is in flight. */
    boolean admits(String session, InputRecord record) {
        if (size == 0) {
            return true;
        }
        boolean hasRoom = hasSession(session) ? waiting() < bounds.maxWaiting() : sessions() < bounds.capacity();
        return hasRoom && bytes + bytesOf(record) <= bounds.maxHeldBytes();
    }

    /** True if no other element of its session is in flight: it may start. */
    boolean add(InFlightElement element) {
        Queue<InFlightElement> queue = queues.computeIfAbsent(element.session(), session -> new ArrayDeque<>());
        queue.add(element);
        size++;
        bytes += bytesOf(element.record());
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
        bytes -= bytesOf(queue.remove().record());
        holdOutputs(session, 0);
        size--;
        if (queue.isEmpty()) {
            queues.remove(session);
        }
        return queue.peek();
    }

    /**
     * The element that is worked on may make outputs of so many bytes before they are committed; what was said before is
     * forgotten.
     */
    void holdOutputs(String session, long mostBytes) {
        Long before = mostBytes == 0 ? outputBytes.remove(session) : outputBytes.put(session, mostBytes);
        bytes += mostBytes - (before == null ? 0 : before);
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

    /** How many wait behind another one of their session. */
    int waiting() {
        return size - queues.size();
    }

    /** The bytes of all keys and values, and those of the outputs that the elements worked on may hold. */
    long bytes() {
        return bytes;
    }

    private static long bytesOf(InputRecord record) {
        byte[] key = record.key();
        byte[] value = record.value();
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    }
}
