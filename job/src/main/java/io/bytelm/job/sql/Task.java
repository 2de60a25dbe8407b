package io.bytelm.job.sql;

import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.decode.DecodingRules;
import io.bytelm.dist.Symbols;
import io.bytelm.record.SessionDefaults;
import org.apache.flink.table.types.logical.RowType;

/** What can be computed of a text. */
enum Task {
    /** How probable it is. */
    SCORE(SessionDefaults.STANDARD.pruneThreshold()) {
        @Override
        TextRows open(OpenedModel model, GivenOptions given, RowType output) {
            BeamParams params = model.defaults().beamParams(model.vocabulary());
            boolean everyByte = output.getFieldIndex(TextScore.SURPRISAL_BITS) >= 0;
            CanonicalParams canonical = TokenizationOptions.read(given, params.eosTokens(), everyByte);
            return canonical == null
                    ? TextRows.of(new TextScoring(model, params), TextScore.COLUMNS, output, given)
                    : TextRows.of(
                            CanonicalTextScoring.of(model, canonical, everyByte),
                            TextScore.CERTIFIED_COLUMNS,
                            output,
                            given);
        }
    },

    /** Which byte comes after it; nothing is dropped by default, as in the command of this name. */
    NEXT(0) {
        @Override
        TextRows open(OpenedModel model, GivenOptions given, RowType output) {
            BeamParams params = model.defaults().beamParams(model.vocabulary());
            int top = given.within(TaskOptions.TOP, 1, Symbols.COUNT);
            CanonicalReading canonical = CanonicalReading.of(model, given, params.eosTokens());
            return TextRows.of(new NextBytes(model, params, canonical, top), NextBytes.COLUMNS, output, given);
        }
    },

    /** Bytes that go on from it. */
    DECODE(SessionDefaults.STANDARD.pruneThreshold()) {
        @Override
        TextRows open(OpenedModel model, GivenOptions given, RowType output) {
            BeamParams params = model.defaults().decodingParams(model.vocabulary());
            DecodingRules rules =
                    SamplingOptions.rules(given, ConstraintOptions.compile(given), params.eosTokens().length > 0);
            CanonicalReading canonical = CanonicalReading.of(model, given, params.eosTokens());
            return TextRows.of(
                    new TextDecoding(model, params, canonical, rules),
                    canonical == null ? TextDecoding.COLUMNS : TextDecoding.CERTIFIED_COLUMNS,
                    output,
                    given);
        }
    };

    private final double pruneThreshold;

    /** @param pruneThreshold if the user gives none */
    Task(double pruneThreshold) {
        this.pruneThreshold = pruneThreshold;
    }

    double pruneThreshold() {
        return pruneThreshold;
    }

    /**
     * Makes ready for texts.
     *
     * @param output the columns that the user has declared
     * @throws org.apache.flink.table.api.ValidationException if an option or a column is refused
     * @throws IllegalArgumentException if an EOS token is not in the vocabulary
     */
    abstract TextRows open(OpenedModel model, GivenOptions given, RowType output);
}
