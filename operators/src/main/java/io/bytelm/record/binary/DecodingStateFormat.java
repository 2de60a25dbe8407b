package io.bytelm.record.binary;

import io.bytelm.beam.Beam;
import io.bytelm.canonical.Certified;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintOption;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.constraint.source.WhitespaceRule;
import io.bytelm.constraint.whitespace.Whitespace;
import io.bytelm.decode.Ending;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.SavedDraft;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.Emission;
import io.bytelm.record.Reading;
import io.bytelm.record.Reading.All;
import io.bytelm.record.Reading.Canonical;
import io.bytelm.record.Reading.Combined;
import io.bytelm.record.binary.ReadingFormat.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Decoding sessions. Terms: the constraint (0 for none, else one more than its kind, a bit set of options, the text, the
 * rule for white space if its bit is set), its
 * fingerprint as 8 bytes, sampler, stop strings, byte budget, particles, emission, the position of the open. Then, driven:
 * rounds, evidence, a count, drafts; steered: one draft. A draft: its bytes, cursor, two raw doubles, 0 or one more than
 * its ending, its beam ({@link BeamFormat}). Over canonical tokenizations a draft has in place of the beam both ends of its
 * log-likelihood as raw doubles, how long its contexts have been, and a tree ({@link SavedTreeFormat}); of several models what
 * each has read ({@link ReadingFormat}). All drafts of a session are of one kind.
 */
final class DecodingStateFormat {
    private static final Emission.When[] MOMENTS = Emission.When.values();
    private static final ConstraintKind[] KINDS = ConstraintKind.values();
    private static final ConstraintOption[] OPTIONS = ConstraintOption.values();
    private static final Ending[] ENDINGS = Ending.values();
    /** Far above the options' bits: after the text follow the pattern and one more than the number of bytes. */
    private static final int HAS_WHITESPACE_RULE = 1 << 20;

    private static final int MOST_ITEMS = 1 << 20;

    private DecodingStateFormat() {}

    static void writeDriven(Driven driven, DataOutputView out) throws IOException {
        writeTerms(driven.terms(), out);
        Fields.writeVarint(driven.rounds(), out);
        out.writeDouble(driven.logEvidence());
        Fields.writeVarint(driven.drafts().size(), out);
        for (SavedDraft draft : driven.drafts()) {
            writeDraft(draft, out);
        }
    }

    static Driven readDriven(Kind kind, DataInputView in, int formatVersion) throws IOException {
        Terms terms = readTerms(in);
        long rounds = Fields.readVarint(in);
        double logEvidence = in.readDouble();
        int count = Fields.readSize(in, MOST_ITEMS);
        List<SavedDraft> drafts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drafts.add(readDraft(kind, in, formatVersion));
        }
        return new Driven(terms, drafts, rounds, logEvidence);
    }

    static void writeSteered(Steered steered, DataOutputView out) throws IOException {
        writeTerms(steered.terms(), out);
        writeDraft(steered.draft(), out);
    }

    static Steered readSteered(Kind kind, DataInputView in, int formatVersion) throws IOException {
        return new Steered(readTerms(in), readDraft(kind, in, formatVersion));
    }

    private static void writeTerms(Terms terms, DataOutputView out) throws IOException {
        writeConstraint(terms.constraint(), out);
        out.writeLong(terms.fingerprint());
        Sampler sampler = terms.sampler();
        out.writeDouble(sampler.temperature());
        Fields.writeVarint(sampler.topK(), out);
        out.writeDouble(sampler.topP());
        out.writeDouble(sampler.minP());
        out.writeLong(sampler.seed());
        Fields.writeVarint(terms.stop().strings().size(), out);
        for (byte[] stop : terms.stop().strings()) {
            Fields.writeBytes(stop, out);
        }
        Fields.writeVarint(terms.maxBytes(), out);
        Fields.writeVarint(terms.particles(), out);
        Fields.writeVarint(terms.emission().when().ordinal(), out);
        Fields.writeVarint(terms.emission().top(), out);
        InputRecordSerializer.writeSource(terms.opened(), out);
    }

    private static Terms readTerms(DataInputView in) throws IOException {
        ConstraintSource constraint = readConstraint(in);
        long fingerprint = in.readLong();
        Sampler sampler = new Sampler(
                in.readDouble(),
                Fields.readSize(in, Integer.MAX_VALUE),
                in.readDouble(),
                in.readDouble(),
                in.readLong());
        int count = Fields.readSize(in, MOST_ITEMS);
        List<byte[]> stops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stops.add(Fields.readBytes(in));
        }
        int maxBytes = Fields.readSize(in, Integer.MAX_VALUE);
        int particles = Fields.readSize(in, MOST_ITEMS);
        Emission.When when = Fields.readEnum(MOMENTS, in);
        Emission emission = new Emission(when, Fields.readSize(in, Integer.MAX_VALUE));
        StopStrings stop = new StopStrings(stops);
        return new Terms(
                constraint,
                fingerprint,
                sampler,
                stop,
                maxBytes,
                particles,
                emission,
                InputRecordSerializer.readSource(in));
    }

    private static void writeConstraint(@Nullable ConstraintSource constraint, DataOutputView out) throws IOException {
        if (constraint == null) {
            out.writeByte(0);
            return;
        }
        Fields.writeVarint(constraint.kind().ordinal() + 1L, out);
        int bits = 0;
        for (ConstraintOption option : constraint.options()) {
            bits |= 1 << option.ordinal();
        }
        WhitespaceRule whitespace = constraint.whitespace();
        Fields.writeVarint(whitespace == null ? bits : bits | HAS_WHITESPACE_RULE, out);
        Fields.writeText(constraint.text(), out);
        if (whitespace != null) {
            Fields.writeText(whitespace.pattern(), out);
            Fields.writeVarint(whitespace.max() + 1L, out);
        }
    }

    private static @Nullable ConstraintSource readConstraint(DataInputView in) throws IOException {
        int kindAndOne = Fields.readSize(in, KINDS.length);
        if (kindAndOne == 0) {
            return null;
        }
        int bits = Fields.readSize(in, HAS_WHITESPACE_RULE | (1 << OPTIONS.length) - 1);
        Set<ConstraintOption> options = EnumSet.noneOf(ConstraintOption.class);
        for (ConstraintOption option : OPTIONS) {
            if ((bits >> option.ordinal() & 1) != 0) {
                options.add(option);
            }
        }
        try {
            String text = Fields.readText(in);
            boolean ruled = (bits & HAS_WHITESPACE_RULE) != 0;
            return new ConstraintSource(KINDS[kindAndOne - 1], text, options, ruled ? readWhitespaceRule(in) : null);
        } catch (ConstraintException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static WhitespaceRule readWhitespaceRule(DataInputView in) throws IOException {
        return new WhitespaceRule(Fields.readText(in), Fields.readSize(in, Whitespace.MOST_BYTES + 1) - 1);
    }

    private static void writeDraft(SavedDraft draft, DataOutputView out) throws IOException {
        Fields.writeBytes(draft.bytes(), out);
        Fields.writeBytes(draft.cursor(), out);
        out.writeDouble(draft.logProposal());
        out.writeDouble(draft.logWeightBase());
        writeEnding(draft.ending(), out);
        if (draft.reading() instanceof All all) {
            BeamFormat.write(all.beam(), out);
        } else if (draft.reading() instanceof Canonical canonical) {
            out.writeDouble(draft.logProb().logLower());
            out.writeDouble(draft.logProb().logUpper());
            Fields.writeVarint(canonical.longestContext(), out);
            SavedTreeFormat.write(canonical.tree(), out);
        } else {
            ReadingFormat.write(draft.reading(), out);
        }
    }

    private static SavedDraft readDraft(Kind kind, DataInputView in, int formatVersion) throws IOException {
        byte[] bytes = Fields.readBytes(in);
        byte[] cursor = Fields.readBytes(in);
        double logProposal = in.readDouble();
        double logWeightBase = in.readDouble();
        Ending ending = readEnding(in);
        if (kind == Kind.COMBINED) {
            Reading reading = ReadingFormat.read(kind, in, formatVersion);
            double logProb = ((Combined) reading).logProb();
            Certified exact = new Certified(logProb, logProb);
            return new SavedDraft(reading, exact, bytes, cursor, logProposal, logWeightBase, ending);
        }
        if (kind == Kind.ALL) {
            Beam beam = BeamFormat.read(in, formatVersion);
            return new SavedDraft(beam, bytes, cursor, logProposal, logWeightBase, ending);
        }
        Certified logProb = new Certified(in.readDouble(), in.readDouble());
        int longestContext = Fields.readSize(in, Integer.MAX_VALUE);
        Reading reading = new Canonical(SavedTreeFormat.read(in), longestContext);
        return new SavedDraft(reading, logProb, bytes, cursor, logProposal, logWeightBase, ending);
    }

    static void writeEnding(@Nullable Ending ending, DataOutputView out) throws IOException {
        Fields.writeVarint(ending == null ? 0 : ending.ordinal() + 1L, out);
    }

    static @Nullable Ending readEnding(DataInputView in) throws IOException {
        int endingAndOne = Fields.readSize(in, ENDINGS.length);
        return endingAndOne == 0 ? null : ENDINGS[endingAndOne - 1];
    }
}
