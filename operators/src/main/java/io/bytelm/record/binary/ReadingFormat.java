package io.bytelm.record.binary;

import io.bytelm.combine.Combination;
import io.bytelm.record.Reading;
import io.bytelm.record.Reading.All;
import io.bytelm.record.Reading.Canonical;
import io.bytelm.record.Reading.Combined;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How a session reads. Of one model: over all tokenizations the beam ({@link BeamFormat}); over canonical ones how long its
 * contexts have been, and the tree ({@link SavedTreeFormat}). Of several: the kind of combination, alpha as a raw double,
 * the weights as a count and raw doubles, the log-probability as a raw double, how long contexts have been, then how many
 * models, and for each a byte that says whether it reads over canonical tokenizations, and what one model's reading is.
 */
final class ReadingFormat {
    /** Which of the three a reading is; stands in the phase of a session's state. */
    enum Kind {
        ALL,
        CANONICAL,
        COMBINED;

        static Kind of(Reading reading) {
            return reading instanceof Combined ? COMBINED : reading instanceof Canonical ? CANONICAL : ALL;
        }
    }

    private static final Combination.Kind[] COMBINATIONS = Combination.Kind.values();

    private ReadingFormat() {}

    static void write(Reading reading, DataOutputView out) throws IOException {
        if (reading instanceof Canonical canonical) {
            Fields.writeVarint(canonical.longestContext(), out);
            SavedTreeFormat.write(canonical.tree(), out);
        } else if (reading instanceof All all) {
            BeamFormat.write(all.beam(), out);
        } else if (reading instanceof Combined combined) {
            writeCombined(combined, out);
        }
    }

    private static void writeCombined(Combined combined, DataOutputView out) throws IOException {
        Combination combination = combined.combination();
        Fields.writeVarint(combination.kind().ordinal(), out);
        out.writeDouble(combination.alpha());
        Fields.writeVarint(combination.weights().size(), out);
        for (double weight : combination.weights()) {
            out.writeDouble(weight);
        }
        out.writeDouble(combined.logProb());
        Fields.writeVarint(combined.longestContext(), out);
        Fields.writeVarint(combined.parts().size(), out);
        for (Reading part : combined.parts()) {
            out.writeBoolean(part instanceof Canonical);
            write(part, out);
        }
    }

    /** @param formatVersion of the session's state */
    static Reading read(Kind kind, DataInputView in, int formatVersion) throws IOException {
        return switch (kind) {
            case ALL -> new All(BeamFormat.read(in, formatVersion));
            case CANONICAL -> {
                int longestContext = Fields.readSize(in, Integer.MAX_VALUE);
                yield new Canonical(SavedTreeFormat.read(in), longestContext);
            }
            case COMBINED -> readCombined(in, formatVersion);
        };
    }

    private static Combined readCombined(DataInputView in, int formatVersion) throws IOException {
        Combination.Kind kind = Fields.readEnum(COMBINATIONS, in);
        double alpha = in.readDouble();
        int weightCount = Fields.readSize(in, Combination.MOST_MODELS);
        List<Double> weights = new ArrayList<>();
        for (int i = 0; i < weightCount; i++) {
            weights.add(in.readDouble());
        }
        double logProb = in.readDouble();
        int longestContext = Fields.readSize(in, Integer.MAX_VALUE);
        int partCount = Fields.readSize(in, Combination.MOST_MODELS);
        List<Reading> parts = new ArrayList<>();
        for (int i = 0; i < partCount; i++) {
            parts.add(read(Fields.readFlag(in) ? Kind.CANONICAL : Kind.ALL, in, formatVersion));
        }
        return new Combined(parts, new Combination(kind, weights, alpha), logProb, longestContext);
    }
}
