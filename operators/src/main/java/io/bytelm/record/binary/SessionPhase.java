package io.bytelm.record.binary;

import io.bytelm.record.binary.ReadingFormat.Kind;

/** What a stored session is in the middle of. A phase is stored as its place among these: new ones come last. */
enum SessionPhase {
    OPEN(Kind.ALL, 1),
    DEAD_END(Kind.ALL, 1),
    ENDED(Kind.ALL, 1),
    DRIVEN(Kind.ALL, 1),
    STEERED(Kind.ALL, 1),
    PARTWAY(Kind.ALL, 2),
    OPENING(Kind.ALL, 2),
    CANONICAL_OPEN(Kind.CANONICAL, 4),
    CANONICAL_DEAD_END(Kind.CANONICAL, 4),
    CANONICAL_OPENING(Kind.CANONICAL, 4),
    CANONICAL_DRIVEN(Kind.CANONICAL, 5),
    CANONICAL_STEERED(Kind.CANONICAL, 5),
    OBSERVED(Kind.ALL, 5),
    COMBINED_OPEN(Kind.COMBINED, 5),
    COMBINED_OPENING(Kind.COMBINED, 5),
    RESTARTING(Kind.ALL, 5),
    RESTARTING_OBSERVED(Kind.ALL, 6),
    COMBINED_DRIVEN(Kind.COMBINED, 6),
    COMBINED_STEERED(Kind.COMBINED, 6);

    private static final SessionPhase[] ALL = values();

    private final Kind kind;
    private final int sinceFormat;

    SessionPhase(Kind kind, int sinceFormat) {
        this.kind = kind;
        this.sinceFormat = sinceFormat;
    }

    /** How the text is read; of those that stand before another phase, that one says it. */
    Kind kind() {
        return kind;
    }

    /** @param place from 0 to that of {@link #newestOf} */
    static SessionPhase of(int place) {
        return ALL[place];
    }

    /** The last of those that a format has. */
    static SessionPhase newestOf(int format) {
        int newest = 0;
        while (newest + 1 < ALL.length && ALL[newest + 1].sinceFormat <= format) {
            newest++;
        }
        return ALL[newest];
    }

    static SessionPhase open(Kind kind) {
        return switch (kind) {
            case ALL -> OPEN;
            case CANONICAL -> CANONICAL_OPEN;
            case COMBINED -> COMBINED_OPEN;
        };
    }

    static SessionPhase opening(Kind kind) {
        return switch (kind) {
            case ALL -> OPENING;
            case CANONICAL -> CANONICAL_OPENING;
            case COMBINED -> COMBINED_OPENING;
        };
    }

    static SessionPhase driven(Kind kind) {
        return switch (kind) {
            case ALL -> DRIVEN;
            case CANONICAL -> CANONICAL_DRIVEN;
            case COMBINED -> COMBINED_DRIVEN;
        };
    }

    static SessionPhase steered(Kind kind) {
        return switch (kind) {
            case ALL -> STEERED;
            case CANONICAL -> CANONICAL_STEERED;
            case COMBINED -> COMBINED_STEERED;
        };
    }
}
