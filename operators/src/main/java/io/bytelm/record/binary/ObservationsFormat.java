package io.bytelm.record.binary;

import io.bytelm.record.Observations;
import io.bytelm.record.Observations.Spans;
import io.bytelm.record.Surprisals;
import io.bytelm.record.ToldPlaces;
import io.bytelm.record.ToldPlaces.Gap;
import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanProgress;
import io.bytelm.span.SpanRule;
import io.bytelm.span.SpanSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What a session says beside its scores: with a presence byte the spans, which are the rule (its kind, space and pattern), the
 * splitter's state, the index, the beginning and the decided bytes of the span that has begun, its text, the log-likelihood
 * before it, the undecided bytes, a log-likelihood for each of them, and with a presence byte the word's. Then, with a presence
 * byte, the surprisals: the window's length, bytes read, the last ones' surprisals, the last window, how many windows there were,
 * their mean and squares, and whether an alert was told. Then, with a presence byte, the number of tokens told.
 *
 * <p>Of a session that reads on after dead ends, then, with a presence byte, how far its tokens are told: the place, how many
 * gaps there are behind it, and where each begins and ends.
 */
final class ObservationsFormat {
    private static final SpanKind[] KINDS = SpanKind.values();
    private static final SpanSpace[] SPACES = SpanSpace.values();

    private ObservationsFormat() {}

    static void write(Observations observations, DataOutputView out) throws IOException {
        Spans spans = observations.spans();
        out.writeBoolean(spans != null);
        if (spans != null) {
            writeRule(spans.rule(), out);
            writeProgress(spans.progress(), out);
        }
        Surprisals surprisals = observations.surprisals();
        out.writeBoolean(surprisals != null);
        if (surprisals != null) {
            writeSurprisals(surprisals, out);
            out.writeBoolean(observations.alerted());
        }
        Integer told = observations.toldTokens();
        out.writeBoolean(told != null);
        if (told != null) {
            Fields.writeVarint(told, out);
        }
    }

    static void writePlaces(@Nullable ToldPlaces places, DataOutputView out) throws IOException {
        out.writeBoolean(places != null);
        if (places != null) {
            out.writeLong(places.from());
            Fields.writeVarint(places.gaps().size(), out);
            for (Gap gap : places.gaps()) {
                out.writeLong(gap.from());
                out.writeLong(gap.to());
            }
        }
    }

    static @Nullable ToldPlaces readPlaces(DataInputView in) throws IOException {
        if (!Fields.readFlag(in)) {
            return null;
        }
        long from = in.readLong();
        List<Gap> gaps = new ArrayList<>();
        for (int i = Fields.readSize(in, ToldPlaces.MOST_GAPS); i > 0; i--) {
            gaps.add(new Gap(in.readLong(), in.readLong()));
        }
        return new ToldPlaces(from, gaps);
    }

    static Observations read(DataInputView in) throws IOException {
        @Nullable Spans spans = Fields.readFlag(in) ? new Spans(readRule(in), readProgress(in)) : null;
        @Nullable Surprisals surprisals = Fields.readFlag(in) ? readSurprisals(in) : null;
        boolean alerted = surprisals != null && Fields.readFlag(in);
        @Nullable Integer told = Fields.readFlag(in) ? Integer.valueOf(Fields.readSize(in, Integer.MAX_VALUE)) : null;
        return new Observations(spans, surprisals, alerted, told);
    }

    /** Before the first window is full, places that hold nothing yet are not written. */
    private static void writeSurprisals(Surprisals surprisals, DataOutputView out) throws IOException {
        double[] recent = surprisals.recent();
        Fields.writeVarint(recent.length, out);
        Fields.writeVarint(surprisals.bytes(), out);
        for (int i = 0; i < Math.min(recent.length, surprisals.bytes()); i++) {
            out.writeDouble(recent[i]);
        }
        out.writeDouble(surprisals.lastWindow());
        Fields.writeVarint(surprisals.windows(), out);
        out.writeDouble(surprisals.mean());
        out.writeDouble(surprisals.squares());
    }

    private static Surprisals readSurprisals(DataInputView in) throws IOException {
        double[] recent = new double[Fields.readSize(in, Surprisals.MOST_WINDOW_BYTES)];
        long bytes = Fields.readVarint(in);
        for (int i = 0; i < Math.min(recent.length, bytes); i++) {
            recent[i] = in.readDouble();
        }
        return new Surprisals(bytes, recent, in.readDouble(), Fields.readVarint(in), in.readDouble(), in.readDouble());
    }

    private static void writeRule(SpanRule rule, DataOutputView out) throws IOException {
        Fields.writeVarint(rule.kind().ordinal(), out);
        Fields.writeVarint(rule.space().ordinal(), out);
        Fields.writeText(rule.pattern(), out);
    }

    private static SpanRule readRule(DataInputView in) throws IOException {
        return new SpanRule(Fields.readEnum(KINDS, in), Fields.readEnum(SPACES, in), Fields.readText(in));
    }

    private static void writeProgress(SpanProgress progress, DataOutputView out) throws IOException {
        Fields.writeVarint(progress.state(), out);
        Fields.writeVarint(progress.index(), out);
        Fields.writeVarint(progress.from(), out);
        Fields.writeVarint(progress.bytes(), out);
        Fields.writeBytes(progress.text(), out);
        out.writeDouble(progress.logLikelihoodBefore());
        Fields.writeBytes(progress.undecided(), out);
        for (double logLikelihood : progress.logLikelihoods()) {
            out.writeDouble(logLikelihood);
        }
        writeNullable(progress.wordLogLikelihood(), out);
    }

    private static SpanProgress readProgress(DataInputView in) throws IOException {
        int state = Fields.readSize(in, Integer.MAX_VALUE);
        long index = Fields.readVarint(in);
        long from = Fields.readVarint(in);
        long bytes = Fields.readVarint(in);
        byte[] text = Fields.readBytes(in);
        double before = in.readDouble();
        byte[] undecided = Fields.readBytes(in);
        double[] logLikelihoods = new double[undecided.length];
        for (int i = 0; i < logLikelihoods.length; i++) {
            logLikelihoods[i] = in.readDouble();
        }
        return new SpanProgress(state, index, from, bytes, text, before, undecided, logLikelihoods, readNullable(in));
    }

    /** A presence byte, then the number if there is one. */
    static void writeNullable(@Nullable Double value, DataOutputView out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            out.writeDouble(value);
        }
    }

    static @Nullable Double readNullable(DataInputView in) throws IOException {
        return Fields.readFlag(in) ? Double.valueOf(in.readDouble()) : null;
    }
}
