package io.bytelm.job.likelihood.scoring;

import io.bytelm.job.likelihood.scoring.Windows.Window;

/**
 * How many windows may be scored at once so that the model keeps the states of all of them. One more would drive out states
 * that are still needed: then every evaluation reads its text again from the beginning, which is slower than to wait.
 */
final class StateRoom {
    /** Of text for a token: about four where a token is canonical, less for what the beam follows beside it. */
    private static final int BYTES_PER_TOKEN = 3;

    private final long keptTokens;
    private long takenTokens;

    /** @param keptTokens as {@link io.bytelm.service.TrieLmService#keptTokens} says */
    StateRoom(long keptTokens) {
        this.keptTokens = keptTokens;
    }

    /** Whether a window may begin; one alone always may. */
    boolean isThereFor(Window window) {
        return takenTokens == 0 || takenTokens + tokens(window) <= keptTokens;
    }

    void take(Window window) {
        takenTokens += tokens(window);
    }

    void giveBack(Window window) {
        takenTokens -= tokens(window);
    }

    private static long tokens(Window window) {
        return 1 + (window.to() - window.from()) / BYTES_PER_TOKEN;
    }
}
