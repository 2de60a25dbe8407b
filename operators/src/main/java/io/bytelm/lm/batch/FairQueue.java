package io.bytelm.lm.batch;

import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue in which clients take turns, and within each client its sessions: who has one request waits for one of each other
 * client at most, however many those have brought. What one session brings stays in its order. Not thread-safe.
 *
 * <p>Round robin over flows, as in Nagle, "On Packet Switches with Infinite Storage", RFC 970, 1985; all requests cost the
 * same here, so that no deficit is to be counted.
 *
 * @param <K> tells the waiting apart
 * @param <V> what waits
 */
final class FairQueue<K, V> {
    private record Entry<K, V>(K key, V value, Terms terms) {}

    /** Of one client; its sessions in the order of their turns. */
    private static final class Client<K, V> {
        final LinkedHashMap<Long, LinkedHashMap<K, Entry<K, V>>> sessions = new LinkedHashMap<>();
        int size;
    }

    private final LinkedHashMap<K, Entry<K, V>> byArrival = new LinkedHashMap<>();
    private final LinkedHashMap<Long, Client<K, V>> clients = new LinkedHashMap<>(); // in the order of their turns

    void add(K key, V value, Terms terms) {
        Entry<K, V> entry = new Entry<>(key, value, terms);
        byArrival.put(key, entry);
        Client<K, V> client = clients.computeIfAbsent(terms.client(), id -> new Client<>());
        client.sessions
                .computeIfAbsent(terms.session(), id -> new LinkedHashMap<>())
                .put(key, entry);
        client.size++;
    }

    int size() {
        return byArrival.size();
    }

    /** How many of a client wait. */
    int sizeOf(long client) {
        Client<K, V> found = clients.get(client);
        return found == null ? 0 : found.size;
    }

    /** Of all that wait, what came first; null if nothing waits. */
    @Nullable
    V oldest() {
        Iterator<Entry<K, V>> entries = byArrival.values().iterator();
        return entries.hasNext() ? entries.next().value() : null;
    }

    /** How many wait of whom something holds. */
    int count(Predicate<V> holds) {
        return (int) byArrival.values().stream()
                .filter(entry -> holds.test(entry.value()))
                .count();
    }

    /** Takes what waits under a key; null if nothing does. */
    @Nullable
    V remove(K key) {
        Entry<K, V> entry = byArrival.remove(key);
        if (entry == null) {
            return null;
        }
        long id = entry.terms().client();
        Client<K, V> client = clients.get(id);
        if (client != null) {
            LinkedHashMap<K, Entry<K, V>> session =
                    client.sessions.get(entry.terms().session());
            if (session != null) {
                session.remove(key);
                if (session.isEmpty()) {
                    client.sessions.remove(entry.terms().session());
                }
            }
            client.size--;
            if (client.size == 0) {
                clients.remove(id);
            }
        }
        return entry.value();
    }

    /** Takes the next in turn; null if nothing waits. */
    @Nullable
    V poll() {
        if (clients.isEmpty()) {
            return null;
        }
        Map.Entry<Long, Client<K, V>> clientInTurn =
                clients.entrySet().iterator().next();
        long client = clientInTurn.getKey();
        Client<K, V> held = clientInTurn.getValue();
        Map.Entry<Long, LinkedHashMap<K, Entry<K, V>>> sessionInTurn =
                held.sessions.entrySet().iterator().next();
        long session = sessionInTurn.getKey();
        V next = remove(sessionInTurn.getValue().keySet().iterator().next());
        LinkedHashMap<K, Entry<K, V>> sessionsRest = held.sessions.remove(session);
        if (sessionsRest != null) {
            held.sessions.put(session, sessionsRest);
        }
        if (clients.remove(client) != null) {
            clients.put(client, held);
        }
        return next;
    }

    /** The client of whom the most wait; of several, one of them. Only where something waits. */
    long busiestClient() {
        return clients.entrySet().stream()
                .max(Comparator.comparingInt(client -> client.getValue().size))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    /** Takes what came last of a client's session of which the most wait; null if nothing of the client waits. */
    @Nullable
    V removeNewestOf(long client) {
        Client<K, V> held = clients.get(client);
        if (held == null) {
            return null;
        }
        K newest = null;
        LinkedHashMap<K, Entry<K, V>> busiest = held.sessions.values().stream()
                .max(Comparator.comparingInt(Map::size))
                .orElseThrow();
        for (K key : busiest.keySet()) {
            newest = key;
        }
        return newest == null ? null : remove(newest);
    }
}
