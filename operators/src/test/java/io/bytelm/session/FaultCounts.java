package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What really happened in simulated jobs, so that a test can tell that it tested something. */
final class FaultCounts {
    int snapshots;
    int lostSnapshots;
    int restores;
    int rescalings;
    int restoredElements;
    int restoredLongSessions;
    int restoredPartway;
    int requestFailures;
    int timeouts;
    int eventsWhileFull;
    int snapshotsWhileFull;
    int recordsBeyondBounds;
    int heldBackWatermarks;

    void add(FaultCounts other) {
        snapshots += other.snapshots;
        lostSnapshots += other.lostSnapshots;
        restores += other.restores;
        rescalings += other.rescalings;
        restoredElements += other.restoredElements;
        restoredLongSessions += other.restoredLongSessions;
        restoredPartway += other.restoredPartway;
        requestFailures += other.requestFailures;
        timeouts += other.timeouts;
        eventsWhileFull += other.eventsWhileFull;
        snapshotsWhileFull += other.snapshotsWhileFull;
        recordsBeyondBounds += other.recordsBeyondBounds;
        heldBackWatermarks += other.heldBackWatermarks;
    }

    /** Each kind of thing happened at least once. */
    void assertEverythingHappened() {
        List<Integer> each = List.of(
                snapshots,
                lostSnapshots,
                restores,
                rescalings,
                restoredElements,
                requestFailures,
                timeouts,
                eventsWhileFull,
                snapshotsWhileFull,
                recordsBeyondBounds,
                heldBackWatermarks);
        assertThat(each).as(toString()).allMatch(count -> count > 0);
    }

    @Override
    public String toString() {
        return "snapshots=" + snapshots + " lostSnapshots=" + lostSnapshots + " restores=" + restores + " rescalings="
                + rescalings + " restoredElements=" + restoredElements + " restoredLongSessions="
                + restoredLongSessions + " restoredPartway=" + restoredPartway + " requestFailures=" + requestFailures
                + " timeouts=" + timeouts + " eventsWhileFull=" + eventsWhileFull + " snapshotsWhileFull="
                + snapshotsWhileFull + " recordsBeyondBounds=" + recordsBeyondBounds + " heldBackWatermarks="
                + heldBackWatermarks;
    }
}
