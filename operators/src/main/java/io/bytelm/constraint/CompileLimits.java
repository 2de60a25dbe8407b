package io.bytelm.constraint;

/**
 * What compiling one constraint may cost.
 *
 * @param states automaton states built on the way, those thrown away included
 * @param nesting depth of groups in the source
 * @param memoryBytes what is built on the way: the parsed source, sets of states, transition tables
 * @param millis processor time of the thread that compiles
 */
public record CompileLimits(int states, int nesting, long memoryBytes, long millis) {
    /** Refuses hostile sources within a second. */
    public static final CompileLimits DEFAULT = new CompileLimits(200_000, 250, 64L << 20, 900);

    /** For sources that are part of the product itself. */
    public static final CompileLimits TRUSTED = new CompileLimits(10_000_000, 1_000, 1L << 30, 600_000);

    public CompileLimits {
        if (states < 1 || nesting < 1 || memoryBytes < 1 || millis < 1) {
            throw new IllegalArgumentException("every compile limit is at least 1");
        }
    }
}
