package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.beam.BeamParams;
import io.bytelm.record.SessionDefaults;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** How the beam is kept: the options of the command line, the threshold by its whole name. */
final class BeamOptions {
    private static final ConfigOption<Integer> K = key("k").intType()
            .defaultValue(SessionDefaults.STANDARD.width())
            .withDescription("Beam width: how many tokenizations are kept.");

    private static final ConfigOption<Double> PRUNE_THRESHOLD = key("prune-threshold")
            .doubleType()
            .noDefaultValue()
            .withDescription(
                    "Tokenizations with less than this share of the probability are dropped; by default 0 (none) for"
                            + " the task next, else 0.001.");

    static final ConfigOption<String> EOS = key("eos")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "Bytes, in hex, of the tokens that end a text, with commas between them; by default none, and the"
                            + " model's own for the task decode.");

    private static final ConfigOption<Boolean> HEAL = key("heal")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether to look for another tokenization when the beam runs dry.");

    private static final ConfigOption<Integer> HEAL_MAX_BACKOFF = key("heal-max-backoff")
            .intType()
            .noDefaultValue()
            .withDescription("The most bytes that healing takes back; by default any number.");

    private static final ConfigOption<Integer> HEAL_MAX_SPLITS = key("heal-max-splits")
            .intType()
            .noDefaultValue()
            .withDescription("The most extra tokens that healing closes; by default any number.");

    private static final ConfigOption<Boolean> DUMMY_PREFIX = key("dummy-prefix")
            .booleanType()
            .defaultValue(true)
            .withDescription(
                    "Whether a text begins with the space that SentencePiece tokenizers put before the first word.");

    private static final ConfigOption<Integer> MAX_INPUT_BYTES = key("max-input-bytes")
            .intType()
            .defaultValue(SessionDefaults.STANDARD.maxChunkBytes())
            .withDescription("The longest text that is read; a row with a longer one has no result.");

    /** A session's rows have a length of their own. */
    static final Set<ConfigOption<?>> OF_SESSIONS =
            Set.of(K, PRUNE_THRESHOLD, EOS, HEAL, HEAL_MAX_BACKOFF, HEAL_MAX_SPLITS, DUMMY_PREFIX);

    static final Set<ConfigOption<?>> ALL = TaskOptions.union(OF_SESSIONS, Set.of(MAX_INPUT_BYTES));

    /** What has no meaning where every canonical tokenization is followed. */
    static final Set<ConfigOption<?>> OF_ALL_TOKENIZATIONS =
            Set.of(K, PRUNE_THRESHOLD, HEAL, HEAL_MAX_BACKOFF, HEAL_MAX_SPLITS);

    private BeamOptions() {}

    /**
     * The longest text is {@link SessionDefaults#maxChunkBytes}.
     *
     * @param absentThreshold the prune threshold if none was given
     * @throws org.apache.flink.table.api.ValidationException if a value is out of its range
     */
    static SessionDefaults read(GivenOptions given, double absentThreshold) {
        return new SessionDefaults(
                given.atLeast(K, 1),
                pruneThreshold(given, absentThreshold),
                eosTokens(given),
                given.get(HEAL),
                limit(given, HEAL_MAX_BACKOFF),
                limit(given, HEAL_MAX_SPLITS),
                SessionDefaults.STANDARD.emission(),
                given.atLeast(MAX_INPUT_BYTES, 1),
                given.get(DUMMY_PREFIX));
    }

    private static double pruneThreshold(GivenOptions given, double absentThreshold) {
        @Nullable Double threshold = given.orNull(PRUNE_THRESHOLD);
        if (threshold == null) {
            return absentThreshold;
        }
        if (!(threshold >= 0 && threshold < 1)) {
            throw GivenOptions.refused(PRUNE_THRESHOLD, "must be at least 0 and less than 1, got " + threshold);
        }
        return threshold;
    }

    private static List<String> eosTokens(GivenOptions given) {
        String typed = given.orNull(EOS);
        List<String> tokens = typed == null
                ? List.of()
                : Stream.of(typed.split(",", -1)).map(String::strip).toList();
        for (String token : tokens) {
            if (!token.matches("([0-9a-fA-F]{2})+")) {
                throw GivenOptions.refused(
                        EOS, "has '" + token + "', which is not bytes in hex; write two digits a byte");
            }
        }
        return tokens;
    }

    private static int limit(GivenOptions given, ConfigOption<Integer> option) {
        return given.has(option) ? given.atLeast(option, 0) : BeamParams.UNLIMITED;
    }
}
