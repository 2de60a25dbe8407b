package io.bytelm.record;

import java.io.Serializable;

/**
 * The most that one session may ask of the model in one round, whatever its {@code open} says: whoever may write to the
 * input topic shares the model with everybody else. A round of a session asks for each hypothesis of each particle.
 *
 * @param maxWidth the widest beam, K
 * @param maxParticles the most outputs drawn side by side
 * @param maxRequestsPerRound the most hypotheses of all particles together, K times their number
 */
public record SessionLimits(int maxWidth, int maxParticles, int maxRequestsPerRound) implements Serializable {
    /** A session asked for more than the operator of the job allows. */
    public static final String OVER_LIMIT = "over-limit";

    private static final long serialVersionUID = 1;

    /**
     * K up to 64, where 5 is close to exact and genlm-bytes is used with 10 at most; 128 particles; 1024 requests a round,
     * which are 8 full batches of the model.
     */
    public static final SessionLimits STANDARD = new SessionLimits(64, 128, 1024);

    /** @throws IllegalArgumentException if one is less than 1; the message names it */
    public SessionLimits {
        requirePositive("K", maxWidth);
        requirePositive("particles", maxParticles);
        requirePositive("requests per round", maxRequestsPerRound);
    }

    private static void requirePositive(String what, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("the most " + what + " of a session must be at least 1, got " + limit);
        }
    }

    /** These limits, or such that a session of this width is within them. */
    SessionLimits allowing(int width) {
        return new SessionLimits(Math.max(maxWidth, width), maxParticles, Math.max(maxRequestsPerRound, width));
    }

    /**
     * Refuses an {@code open} that asks for more.
     *
     * @param particles 1 for a session that does not draw
     * @throws RejectedRecordException if it does; the message names the field and the option
     */
    public void check(int width, int particles) throws RejectedRecordException {
        if (width > maxWidth) {
            throw over("field \"k\" is " + width + "; this job allows at most " + maxWidth + " (--max-k)");
        }
        if (particles > maxParticles) {
            throw over("field \"particles\" is " + particles + "; this job allows at most " + maxParticles
                    + " (--max-particles)");
        }
        long requests = (long) width * particles;
        if (requests > maxRequestsPerRound) {
            throw over("\"k\" " + width + " times \"particles\" " + particles + " makes " + requests
                    + " requests a round; this job allows at most " + maxRequestsPerRound
                    + " (--max-requests-per-round)");
        }
    }

    private static RejectedRecordException over(String message) {
        return new RejectedRecordException(OVER_LIMIT, "open: " + message);
    }
}
