package io.bytelm.constraint;

/**
 * What compiling one constraint may cost. All of it is counted, and nothing is timed: a source is refused or accepted for
 * what it is, on every machine, under every load, and in a JVM that has just started.
 *
 * @param states automaton states built on the way, those thrown away included; those of a list of texts, which are small and
 *     minimal from the first, count by their memory alone
 * @param nesting depth of groups in the source
 * @param memoryBytes what is built on the way: the parsed source, sets of states, transition tables; what is needed for a moment only may
 *     take twice as much in addition
 * @param steps work: about what one transition, or one element of a small set, costs
 */
public record CompileLimits(int states, int nesting, long memoryBytes, long steps) {
    /** Refuses hostile sources within about two seconds of one core. */
    public static final CompileLimits DEFAULT = new CompileLimits(200_000, 250, 64L << 20, 80_000_000);

    /**
     * For a source that {@link #DEFAULT} has accepted once: far above it, so that a build which counts differently, or builds
     * more, still compiles what an open session needs.
     */
    public static final CompileLimits ACCEPTED = new CompileLimits(2_000_000, 1_000, 640L << 20, 2_000_000_000);

    /** For sources that are part of the product itself. */
    public static final CompileLimits TRUSTED = new CompileLimits(10_000_000, 1_000, 1L << 30, 10_000_000_000L);

    public CompileLimits {
        if (states < 1 || nesting < 1 || memoryBytes < 1 || steps < 1) {
            throw new IllegalArgumentException("every compile limit is at least 1");
        }
    }
}
