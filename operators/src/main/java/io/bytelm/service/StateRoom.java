package io.bytelm.service;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many texts are read at the same time by all who share a model: no more than it keeps the states of. One more would
 * drive out states that are still needed: then every evaluation reads its text again from the beginning, which is slower
 * than to wait.
 *
 * <p>Places are given in the order in which they were asked for, whoever asks, so that nobody waits for ever; a text that
 * needs more than all of the room has it alone. Thread-safe.
 */
public final class StateRoom {
    /** Of text for a token: about four where a token is canonical, less for what the beam follows beside it. */
    private static final int BYTES_PER_TOKEN = 3;

    /** For services that keep no states, or know no bound of them; one, so that who shares a limit shares it here too. */
    static final StateRoom UNBOUNDED = new StateRoom(Long.MAX_VALUE);

    // All below are guarded by this.
    private long capacityTokens;
    private final Set<Place> waiting = new LinkedHashSet<>();
    private final Map<Object, Group> groups = new HashMap<>();
    private int takenPlaces;
    private long takenTokens;

    /** @param capacityTokens as {@link TrieLmService#keptTokens} says */
    public StateRoom(long capacityTokens) {
        this.capacityTokens = capacityTokens;
    }

    /**
     * How many tokens a text adds at most to what the model keeps.
     *
     * @param bytes of text that are to be read
     */
    public static long tokensOf(long bytes) {
        return 1 + bytes / BYTES_PER_TOKEN;
    }

    /** Those who share a limit. Guarded by the room. */
    private static final class Group {
        final int mostPlaces;
        int shares;
        int places;

        Group(int mostPlaces) {
            this.mostPlaces = mostPlaces;
        }
    }

    /**
     * Enters the room, by any thread.
     *
     * @param group equal for all who have at most {@code mostPlaces} together, such as the subtasks of a job
     * @param mostPlaces at least 1; that of the first who enters counts
     */
    public synchronized Share enter(Object group, int mostPlaces) {
        Group entered = groups.computeIfAbsent(group, key -> new Group(mostPlaces));
        entered.shares++;
        return new Share(group, entered);
    }

    /** What one subtask has of the room; for its thread alone. */
    public final class Share implements AutoCloseable {
        private final Object groupKey;
        private final Group group;
        private final Set<Place> places = new HashSet<>(); // guarded by the room
        private final AtomicBoolean closed = new AtomicBoolean();

        private Share(Object groupKey, Group group) {
            this.groupKey = groupKey;
            this.group = group;
        }

        /**
         * Asks for a place.
         *
         * @param tokens how many the text needs the states of
         * @param onceThere is run, once and by any thread, when the place is given, unless it is given at once; must not
         *     block
         */
        public Place ask(long tokens, Runnable onceThere) {
            Place place = new Place(this, tokens, onceThere);
            List<Place> given;
            synchronized (StateRoom.this) {
                places.add(place);
                waiting.add(place);
                given = giveToWaiting();
                given.remove(place);
            }
            given.forEach(other -> other.onceThere.run());
            return place;
        }

        /** Whether somebody waits for a place, here or in another share. */
        public boolean othersWait() {
            synchronized (StateRoom.this) {
                return !waiting.isEmpty();
            }
        }

        /** Gives back everything; closing again does nothing. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                List<Place> given;
                synchronized (StateRoom.this) {
                    List.copyOf(places).forEach(Place::remove);
                    if (--group.shares == 0) {
                        groups.remove(groupKey);
                    }
                    given = giveToWaiting();
                }
                given.forEach(place -> place.onceThere.run());
            }
        }
    }

    /** Room for one text, given or waited for. */
    public final class Place {
        private final Share share;
        private final Runnable onceThere;
        // Both guarded by the room.
        private long tokens;
        private boolean isThere;

        private Place(Share share, long tokens, Runnable onceThere) {
            this.share = share;
            this.tokens = tokens;
            this.onceThere = onceThere;
        }

        /** Whether it is given. */
        public boolean isThere() {
            synchronized (StateRoom.this) {
                return isThere;
            }
        }

        /**
         * The text, whose place is given, needs more than was asked for.
         *
         * @return false if there is no room for that, or others wait for it; the place stays as it was
         */
        public boolean grow(long newTokens) {
            synchronized (StateRoom.this) {
                boolean fits =
                        takenPlaces == 1 || (waiting.isEmpty() && takenTokens - tokens + newTokens <= capacityTokens);
                if (newTokens > tokens && !fits) {
                    return false;
                }
                if (newTokens > tokens) {
                    takenTokens += newTokens - tokens;
                    tokens = newTokens;
                }
                return true;
            }
        }

        /** The text has been read, or does not wait any more. Giving back again does nothing. */
        public void giveBack() {
            List<Place> given;
            synchronized (StateRoom.this) {
                remove();
                given = giveToWaiting();
            }
            given.forEach(place -> place.onceThere.run());
        }

        private void remove() {
            share.places.remove(this);
            waiting.remove(this);
            if (isThere) {
                isThere = false;
                share.group.places--;
                takenPlaces--;
                takenTokens -= tokens;
            }
        }

        private void give() {
            isThere = true;
            share.group.places++;
            takenPlaces++;
            takenTokens += tokens;
        }
    }

    /** Who waits for others of a group that has all of its places holds nobody up. */
    private List<Place> giveToWaiting() {
        List<Place> given = new ArrayList<>();
        for (Iterator<Place> places = waiting.iterator(); places.hasNext(); ) {
            Place next = places.next();
            if (next.share.group.places < next.share.group.mostPlaces) {
                if (takenPlaces > 0 && takenTokens + next.tokens > capacityTokens) {
                    break;
                }
                places.remove();
                next.give();
                given.add(next);
            }
        }
        return given;
    }

    /** How many tokens there is room for; {@link Long#MAX_VALUE} if that is unbounded. */
    public synchronized long capacityTokens() {
        return capacityTokens;
    }

    /**
     * The model keeps more now, or fewer; who has a place keeps it. Any thread.
     *
     * @param newCapacityTokens as {@link TrieLmService#keptTokens} says
     */
    public void resize(long newCapacityTokens) {
        List<Place> given;
        synchronized (this) {
            capacityTokens = newCapacityTokens;
            given = giveToWaiting();
        }
        given.forEach(place -> place.onceThere.run());
    }

    /** How many tokens those texts need that are being read. */
    public synchronized long takenTokens() {
        return takenTokens;
    }

    /** How many texts wait, those of all shares. */
    public synchronized int waiting() {
        return waiting.size();
    }
}
