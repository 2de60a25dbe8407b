package io.bytelm.decode;

import io.bytelm.constraint.Fingerprint;

/**
 * Random numbers without a state: each is a function of what it is for, so that a step that is repeated after a failure
 * draws the same again. The mixer is that of splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
 *
 * @param seed the session's seed
 * @param session the hash of the session's key: two sessions of one seed are independent
 */
record CounterRandom(long seed, long session) {
    private static final int LOST_BITS = 11;
    private static final double UNIT = 0x1p-53;

    /** In [0, 1). */
    double uniform(long stream, long position) {
        long hash = new Fingerprint()
                .add(seed)
                .add(session)
                .add(stream)
                .add(position)
                .value();
        return (hash >>> LOST_BITS) * UNIT;
    }
}
