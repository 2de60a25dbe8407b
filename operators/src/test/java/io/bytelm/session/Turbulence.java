package io.bytelm.session;

/**
 * How rough a simulated job's surroundings are, in events out of a hundred.
 *
 * @param failurePercent requests that fail
 * @param timeoutPercent moments at which everything that waits times out
 * @param slowPercent requests that are answered rarely
 * @param lostSnapshotPercent snapshots that are taken but never complete
 */
record Turbulence(int failurePercent, int timeoutPercent, int slowPercent, int lostSnapshotPercent) {
    static final Turbulence NONE = new Turbulence(0, 0, 0, 0);
}
