package io.bytelm.lm.djl;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Decides how a pass is shared out over threads: as one script call on the engine's team of threads, or in parts on {@link
 * EngineLanes}, of one thread each.
 *
 * <p>A team divides each operation, and all of it waits at the end of each until the last thread is done. Where another
 * process, or another model of this one, takes a processor, every such wait lasts a time slice, and a pass takes 4 to 25
 * times as long. Parts wait for each other once a pass. So a pass that is large enough for parts is always computed in
 * parts; a smaller one by the team, which is faster for as long as nobody disturbs it.
 *
 * <p>It is disturbed when a team took far longer than for as many rows before, twice in a row, or when a lane was kept
 * waiting for its processor. Then all passes are computed in parts, until lanes are no longer kept waiting, the machine has nothing else to
 * do, and a team has been tried again; each trial that fails makes the pause to the next one longer. Confined to the
 * engine's thread.
 */
final class PassSharing {
    /** Not in parts: one call on the team. */
    static final int TEAM = 0;

    /** From so many rows of each weight on, reading all weights once a part costs less than the team's waits. */
    static final int FULL_PART_ROWS = 48;

    /**
     * As {@link #FULL_PART_ROWS}, of the weights of experts in 16 bits: they are half as many bytes, attention sees all rows
     * and is faster in parts, and a team waits at the end of several operations an expert.
     */
    private static final int FULL_PART_ROWS_OF_HALVED_EXPERT = 8;

    /** So much fewer suffice where most of a pass is attention: a text's each, of which a team has little to share. */
    private static final int LESS_WITH_LONG_CONTEXTS = 6;

    /** From here on (tokens). */
    private static final int LONG_CONTEXT = 256;

    /** The fewest rows of a part where parts are more than lanes, so that a lane that is left alone takes two. */
    private static final int SHORT_PART_ROWS = 24;

    /** A model that is too small for a team at fewer rows. */
    private static final int TEAM_ROWS_OF_SMALL_MODEL = 256;

    /** Where one part has more of the rows than this, lanes would wait for it as a team does. */
    private static final double LARGEST_PART = 0.6;

    private static final double DISTURBED = 2.5;

    /** Less than what this process's own threads leave to a lane: they take a processor for a moment only. */
    private static final double OWN_PROCESSOR = 0.7;

    /** Others that use less than this let a team work: a client of this service, the threads of a Flink job. */
    private static final double IDLE_PROCESSORS = 0.5;

    /** So many one after the other; single ones happen on an idle machine. */
    private static final int SLOW_PASSES = 2;

    private static final double FORGETTING = 1.02;
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int CLASSES_AN_OCTAVE = 8;

    private final int lanes;
    private final boolean usesTeam;
    private final int fullPartRows;
    private final LongSupplier clockNanos;
    private final DoubleSupplier processorsOfOthers;

    /** By the size of a pass: what a team needs (ns); 0 where that is not known. */
    private final long[] teamNanos = new long[CLASSES_AN_OCTAVE * Integer.SIZE];

    private boolean isDisturbed;
    private boolean isOnTrial;
    private long waitedLastNanos;
    private long pauseNanos = SHORTEST_PAUSE_NANOS;
    private int slowPasses;
    private int suspectSize;
    private long suspectNanos;

    /**
     * @param lanes how many parts may be computed at the same time
     * @param usesTeam false for a model that is too small for a team to be of use
     * @param fullPartRows from so many rows a part on, a pass is computed in parts
     * @param processorsOfOthers how many processors other processes use since the last call; negative if not known
     */
    PassSharing(
            int lanes, boolean usesTeam, int fullPartRows, LongSupplier clockNanos, DoubleSupplier processorsOfOthers) {
        this.fullPartRows = fullPartRows;
        this.lanes = lanes;
        this.usesTeam = usesTeam;
        this.clockNanos = clockNanos;
        this.processorsOfOthers = processorsOfOthers;
    }

    /**
     * How many rows a part needs where rows choose among experts.
     *
     * @param shareOfRows of a pass that an expert sees
     * @param halved whether weights are held in 16 bits
     */
    static int fullPartRowsWithExperts(double shareOfRows, boolean halved) {
        return (int) Math.ceil((halved ? FULL_PART_ROWS_OF_HALVED_EXPERT : FULL_PART_ROWS) / shareOfRows);
    }

    /** As {@link #parts(int, double)}, of a pass that reads no contexts. */
    int parts(int rows) {
        return parts(rows, 0);
    }

    /**
     * How many parts of about the same size a pass should have.
     *
     * @param contextTokens the mean length of its rows' contexts
     * @return {@link #TEAM} for none
     */
    int parts(int rows, double contextTokens) {
        if (lanes == 1) {
            return usesTeam ? TEAM : 1;
        }
        if (isDisturbed && isTimeForATrial()) {
            isDisturbed = false;
            isOnTrial = true;
        }
        if (isDisturbed) {
            return partsBesideOthers(rows);
        }
        int fullPart = contextTokens < LONG_CONTEXT ? fullPartRows : fullPartRows / LESS_WITH_LONG_CONTEXTS;
        boolean inParts = !usesTeam || rows >= lanes * fullPart;
        return inParts ? Math.min(rows, lanes) : TEAM;
    }

    /**
     * Whether the team should compute a pass after all, since its rows could not be split.
     *
     * @param parts what {@link #parts} said
     * @param largestRows of the parts that came of it
     */
    boolean isForTheTeam(int rows, int parts, int largestRows) {
        if (parts == TEAM) {
            return true;
        }
        boolean isLarge = usesTeam || rows >= TEAM_ROWS_OF_SMALL_MODEL;
        return !isDisturbed && isLarge && largestRows > LARGEST_PART * rows;
    }

    private int partsBesideOthers(int rows) {
        int more = lanes + (lanes + 1) / 2;
        if (!usesTeam || rows >= more * SHORT_PART_ROWS) {
            return Math.min(rows, more);
        }
        return Math.max(1, Math.min(lanes / 2, rows / SHORT_PART_ROWS));
    }

    private boolean isTimeForATrial() {
        if (clockNanos.getAsLong() - waitedLastNanos < pauseNanos) {
            return false;
        }
        boolean isAlone = processorsOfOthers.getAsDouble() < IDLE_PROCESSORS;
        if (!isAlone) {
            waitedLastNanos = clockNanos.getAsLong();
        }
        return isAlone;
    }

    /**
     * A team has computed a pass.
     *
     * @param tookNanos how long that took
     */
    void teamTook(int rows, long tookNanos) {
        int size = size(rows);
        long before = teamNanos[size];
        if (before > 0 && tookNanos > DISTURBED * before) {
            slowPasses++;
            if (slowPasses < SLOW_PASSES && !isOnTrial) {
                return;
            }
            suspectSize = size;
            suspectNanos = tookNanos;
            pauseNanos = isOnTrial ? Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos) : SHORTEST_PAUSE_NANOS;
            handOverToLanes();
            return;
        }
        slowPasses = 0;
        teamNanos[size] = before == 0 ? tookNanos : Math.min(tookNanos, (long) (before * FORGETTING) + 1);
        if (isOnTrial && before > 0) {
            isOnTrial = false;
            pauseNanos = SHORTEST_PAUSE_NANOS;
        }
    }

    /**
     * Lanes have computed a pass.
     *
     * @param leastShare of the time that a lane worked, the share that it had a processor; of the lane that had least
     */
    void lanesTook(int rows, long tookNanos, double leastShare) {
        boolean wasSuspect = suspectNanos > 0 && size(rows) == suspectSize;
        if (leastShare < OWN_PROCESSOR) {
            handOverToLanes();
        } else if (wasSuspect && tookNanos > suspectNanos) {
            teamNanos[suspectSize] = suspectNanos; // nobody disturbed the team: such passes have become longer
            isDisturbed = false;
        }
        suspectNanos = wasSuspect ? 0 : suspectNanos;
    }

    private void handOverToLanes() {
        if (!isDisturbed) {
            var unused = processorsOfOthers.getAsDouble(); // what counts is what they use from now on
        }
        isDisturbed = true;
        isOnTrial = false;
        slowPasses = 0;
        waitedLastNanos = clockNanos.getAsLong();
    }

    /** Passes of one size differ by an eighth at most. */
    private static int size(int rows) {
        int octave = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, rows));
        int within = (int) (((long) rows << 3 >> octave) & (CLASSES_AN_OCTAVE - 1));
        return octave * CLASSES_AN_OCTAVE + within;
    }
}
