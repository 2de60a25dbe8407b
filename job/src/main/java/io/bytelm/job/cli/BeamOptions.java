package io.bytelm.job.cli;

import io.bytelm.beam.BeamParams;
import io.bytelm.job.UserException;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionDefaults;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the beam is kept; the names are those of the reference's parameters. */
final class BeamOptions {
    /** Keeps all, as the reference does when not told otherwise. */
    static final double NO_THRESHOLD = 0;

    /** What a stream is scored with: half the cost, and no difference that counts. */
    static final double STREAM_THRESHOLD = SessionDefaults.STANDARD.pruneThreshold();

    private static final int UNLIMITED = -1;

    @Option(
            names = "--k",
            paramLabel = "N",
            order = 200,
            defaultValue = "5",
            description = "Beam width: how many tokenizations are kept. Default: ${DEFAULT-VALUE}.")
    private int width;

    @Option(
            names = "--prune",
            paramLabel = "P",
            order = 201,
            description =
                    "Drop tokenizations with less than this share of the probability, 0 to 1. Default: 0 (none) for"
                            + " next and explain, 0.001 for all other commands.")
    private @Nullable Double pruneThreshold;

    @Option(
            names = "--eos",
            paramLabel = "HEX",
            order = 202,
            split = ",",
            description =
                    "Bytes of a token that ends a text, in hex; may be given several times. Default: where text is generated"
                            + " the model's own, else none.")
    private List<String> eos = new ArrayList<>();

    @Option(
            names = "--heal",
            negatable = true,
            order = 203,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Look for another tokenization when the beam runs dry (on by default).")
    private boolean heal;

    @Option(
            names = "--heal-max-backoff",
            paramLabel = "BYTES",
            order = 204,
            defaultValue = "-1",
            description = "The most bytes that healing takes back; -1 is any number.")
    private int healMaxBackoff;

    @Option(
            names = "--heal-max-splits",
            paramLabel = "N",
            order = 205,
            defaultValue = "-1",
            description = "The most extra tokens that healing closes; -1 is any number.")
    private int healMaxSplits;

    @Option(
            names = "--dummy-prefix",
            negatable = true,
            order = 206,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Begin with the space that SentencePiece tokenizers put before the first word (on by default;"
                    + " nothing changes for other tokenizers).")
    private boolean dummyPrefix;

    /** For a command that emits no records. */
    SessionDefaults defaults(double absentThreshold) {
        return defaults(absentThreshold, SessionDefaults.STANDARD.emission(), SessionDefaults.STANDARD.maxChunkBytes());
    }

    /**
     * @param absentThreshold the prune threshold if none was given
     * @throws UserException if a value is out of its range
     */
    SessionDefaults defaults(double absentThreshold, Emission emission, int maxChunkBytes) {
        try {
            return new SessionDefaults(
                    width,
                    pruneThreshold == null ? absentThreshold : pruneThreshold,
                    eos,
                    heal,
                    limit(healMaxBackoff),
                    limit(healMaxSplits),
                    emission,
                    maxChunkBytes,
                    dummyPrefix);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private static int limit(int typed) {
        return typed == UNLIMITED ? BeamParams.UNLIMITED : typed;
    }
}
