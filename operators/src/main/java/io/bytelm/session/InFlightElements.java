package io.bytelm.session;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The elements in flight, a queue for each session. So many sessions as the capacity says are worked on, each on its first
 * element; the others wait for their turn in order of arrival, and take the place of a session that has drained. It takes
 * whatever comes: whether more is to come, {@link #isFull} says. Confined to the task thread.
 */
final class InFlightElements {
    /** What a record takes in memory beside its key, value and headers, roughly. */
    private static final long RECORD_OVERHEAD_BYTES = 256;

    private static final long LIMIT_PER_HELD_BYTE = 4;
    private static final long LEAST_LIMIT_BYTES = 16L << 20;

    private final SessionSettings bounds;
    private final Map<String, Queue<InFlightElement>> queues = new HashMap<>();
    private final Queue<String> waitingSessions = new ArrayDeque<>();
    private Set<String> changed = new HashSet<>();
    private final Map<String, Long> outputBytes = new HashMap<>();
    private int size;
    private long bytes;

    InFlightElements(SessionSettings bounds) {
        this.bounds = bounds;
    }

    /** Whether one of the bounds is passed; it never is by a single element. */
    boolean isFull() {
        return !waitingSessions.isEmpty()
                || waiting() > bounds.maxWaiting()
                || (size > 1 && bytes > bounds.maxHeldBytes());
    }

    /** Whether there is so much, beyond all bounds, that not even a checkpoint is a reason to take more. */
    boolean isAtLimit() {
        return size > 1 && bytes + size * RECORD_OVERHEAD_BYTES >= limitBytes();
    }

    /** The most bytes (with what each record takes beside its own) that are held for a checkpoint's sake. */
    long limitBytes() {
        return Math.max(LEAST_LIMIT_BYTES, LIMIT_PER_HELD_BYTE * bounds.maxHeldBytes());
    }

    /** True if the element may start: no other one of its session is in flight, and its session need not wait. */
    boolean add(InFlightElement element) {
        String session = element.session();
        boolean isFirst = !queues.containsKey(session);
        boolean mayStart = isFirst && sessions() < bounds.capacity();
        queues.computeIfAbsent(session, s -> new ArrayDeque<>()).add(element);
        if (isFirst && !mayStart) {
            waitingSessions.add(session);
        }
        changed.add(session);
        size++;
        bytes += element.record().heldBytes();
        return mayStart;
    }

    /**
     * Takes the element that was worked on out.
     *
     * @return the one that may start in its place: the next one of its session, or else the first one of the session that
     *     has waited longest; null if there is none
     */
    @Nullable
    InFlightElement removeFirst(String session) {
        Queue<InFlightElement> queue = queues.get(session);
        if (queue == null) {
            throw new IllegalStateException("session has no element in flight");
        }
        bytes -= queue.remove().record().heldBytes();
        holdOutputs(session, 0);
        size--;
        changed.add(session);
        if (!queue.isEmpty()) {
            return queue.peek();
        }
        queues.remove(session);
        String next = waitingSessions.poll();
        Queue<InFlightElement> nextQueue = next == null ? null : queues.get(next);
        return nextQueue == null ? null : nextQueue.peek();
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

    /** The elements of a session in order of arrival; empty if it has none. */
    Iterable<InFlightElement> of(String session) {
        return queues.getOrDefault(session, new ArrayDeque<>());
    }

    /** The sessions whose elements are others than at the last call. */
    Set<String> takeChanged() {
        Set<String> taken = changed;
        changed = new HashSet<>();
        return taken;
    }

    int size() {
        return size;
    }

    /** How many sessions are worked on. */
    int sessions() {
        return queues.size() - waitingSessions.size();
    }

    /** How many elements are not worked on. */
    int waiting() {
        return size - sessions();
    }

    /** The bytes of all keys, values and headers, and those of the outputs that the elements worked on may hold. */
    long bytes() {
        return bytes;
    }
}
