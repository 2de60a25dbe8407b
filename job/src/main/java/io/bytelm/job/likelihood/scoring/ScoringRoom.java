package io.bytelm.job.likelihood.scoring;

import io.bytelm.job.likelihood.scoring.Windows.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many windows the subtasks of a job score at the same time in this process. They share a model, so they share what
 * there is room for: as many windows as fill its batches, and no more than it keeps the states of. One more would drive out
 * states that are still needed: then every evaluation reads its text again from the beginning, which is slower than to wait.
 * A subtask takes what is free, so that one that reads alone has all of it.
 *
 * <p>The rooms are as many as the class loaders of this class, which on a cluster are one a job.
 */
final class ScoringRoom {
    /** Of text for a token: about four where a token is canonical, less for what the beam follows beside it. */
    private static final int BYTES_PER_TOKEN = 3;

    /** Those that have shares, by job. Guarded by itself; locked before a room. */
    private static final Map<Object, ScoringRoom> IN_USE = new HashMap<>();

    /**
     * How much there is room for.
     *
     * @param windows at the same time, at least 1
     * @param keptTokens as {@link io.bytelm.service.TrieLmService#keptTokens} says
     * @param contextTokens as {@link io.bytelm.service.TrieLmService#contextTokens} says
     */
    record Size(int windows, long keptTokens, long contextTokens) {
        /** The most tokens that a window needs the states of. */
        private long tokens(Window window) {
            return Math.min(contextTokens, 1 + (window.to() - window.from()) / BYTES_PER_TOKEN);
        }
    }

    private final Size size;
    // All below are guarded by this.
    private final List<Share> shares = new ArrayList<>();
    private int takenWindows;
    private long takenTokens;

    private ScoringRoom(Size size) {
        this.size = size;
    }

    /**
     * Joins the room of a job, or opens it. Any thread.
     *
     * @param job equal for all subtasks that share
     * @param size of the room; that of the first who joins counts
     * @param roomIsThere is told, by any thread, when it is worthwhile to try again what failed; must not block
     */
    static Share join(Object job, Size size, Runnable roomIsThere) {
        synchronized (IN_USE) {
            return IN_USE.computeIfAbsent(job, key -> new ScoringRoom(size)).enter(job, roomIsThere);
        }
    }

    private synchronized Share enter(Object job, Runnable roomIsThere) {
        Share share = new Share(job, roomIsThere);
        shares.add(share);
        return share;
    }

    /** What one subtask has taken; for its thread alone. */
    final class Share implements AutoCloseable {
        private final Object job;
        private final Runnable roomIsThere;
        // All below are guarded by the room.
        private int windows;
        private long tokens;
        private boolean waits;

        private Share(Object job, Runnable roomIsThere) {
            this.job = job;
            this.roomIsThere = roomIsThere;
        }

        /** Takes the room for a window if it is there; one window always may begin if no other is being scored. */
        boolean take(Window window) {
            long needed = size.tokens(window);
            synchronized (ScoringRoom.this) {
                waits = takenWindows > 0 && (takenWindows >= size.windows || takenTokens + needed > size.keptTokens);
                if (!waits) {
                    add(1, needed);
                }
                return !waits;
            }
        }

        /** What a window had taken is free again. */
        void giveBack(Window window) {
            List<Share> waiting;
            synchronized (ScoringRoom.this) {
                add(-1, -size.tokens(window));
                waiting = takeWaiting();
            }
            waiting.forEach(share -> share.roomIsThere.run());
        }

        private void add(int moreWindows, long moreTokens) {
            windows += moreWindows;
            tokens += moreTokens;
            takenWindows += moreWindows;
            takenTokens += moreTokens;
        }

        /** Gives back everything; closing again does nothing. */
        @Override
        public void close() {
            List<Share> waiting;
            synchronized (IN_USE) {
                waiting = leave(this);
                if (isEmpty()) {
                    IN_USE.remove(job, ScoringRoom.this);
                }
            }
            waiting.forEach(share -> share.roomIsThere.run());
        }
    }

    private synchronized List<Share> leave(Share share) {
        if (shares.remove(share)) {
            share.add(-share.windows, -share.tokens);
        }
        return takeWaiting();
    }

    private synchronized boolean isEmpty() {
        return shares.isEmpty();
    }

    private synchronized List<Share> takeWaiting() {
        List<Share> waiting = shares.stream().filter(share -> share.waits).toList();
        waiting.forEach(share -> share.waits = false);
        return waiting;
    }
}
