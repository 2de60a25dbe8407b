package io.bytelm.record.binary;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Hypothesis;
import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A beam: its settings, its mode, how many hypotheses, their contexts ({@link ContextsFormat}), then for each hypothesis
 * a byte of flags, the partial bytes with a length, and the weight as a raw double (nats, bit-exact). At the end stands
 * the longest context that it had before; not in a beam of the formats 1 and 2 of {@link SessionStateSerializer}. What the
 * service said about a hypothesis is not written: it is asked again.
 */
final class BeamFormat {
    private static final int TERMINATED = 1;
    private static final int WITHOUT_EOS = 2;
    private static final int ALL_FLAGS = TERMINATED | WITHOUT_EOS;

    private BeamFormat() {}

    static void write(Beam beam, DataOutputView out) throws IOException {
        writeParams(beam.params(), out);
        out.writeBoolean(beam.mode() == EosMode.WITHOUT_EOS);
        List<Hypothesis> hypotheses = beam.hypotheses();
        Fields.writeVarint(hypotheses.size(), out);
        ContextsFormat.write(hypotheses.stream().map(Hypothesis::context).toList(), out);
        for (Hypothesis hypothesis : hypotheses) {
            int flags = (hypothesis.terminated() ? TERMINATED : 0)
                    | (hypothesis.massMode() == EosMode.WITHOUT_EOS ? WITHOUT_EOS : 0);
            out.writeByte(flags);
            Fields.writeBytes(hypothesis.partial(), out);
            out.writeDouble(hypothesis.logWeight());
        }
        Fields.writeVarint(beam.longestBefore(), out);
    }

    /** @param formatVersion of the session's state */
    static Beam read(DataInputView in, int formatVersion) throws IOException {
        BeamParams params = readParams(in);
        EosMode mode = modeOf(Fields.readFlag(in));
        int count = Fields.readSize(in, Integer.MAX_VALUE);
        List<TokenContext> contexts = ContextsFormat.read(count, in);
        List<Hypothesis> hypotheses = new ArrayList<>();
        for (TokenContext context : contexts) {
            int flags = Fields.readSize(in, ALL_FLAGS);
            byte[] partial = Fields.readBytes(in);
            double logWeight = in.readDouble();
            EosMode massMode = modeOf((flags & WITHOUT_EOS) != 0);
            hypotheses.add(new Hypothesis(context, partial, logWeight, (flags & TERMINATED) != 0, massMode, null));
        }
        int longestBefore =
                formatVersion < SessionStateSerializer.WITH_LONGEST ? 0 : Fields.readSize(in, Integer.MAX_VALUE);
        return new Beam(List.copyOf(hypotheses), params, mode, longestBefore);
    }

    private static EosMode modeOf(boolean withoutEos) {
        return withoutEos ? EosMode.WITHOUT_EOS : EosMode.WITH_EOS;
    }

    private static void writeParams(BeamParams params, DataOutputView out) throws IOException {
        Fields.writeVarint(params.width(), out);
        out.writeDouble(params.pruneThreshold());
        Fields.writeTokens(params.eosTokens(), out);
        out.writeBoolean(params.heal());
        writeLimit(params.healMaxBackoff(), out);
        writeLimit(params.healMaxSplits(), out);
    }

    private static BeamParams readParams(DataInputView in) throws IOException {
        int width = Fields.readSize(in, Integer.MAX_VALUE);
        double pruneThreshold = in.readDouble();
        int[] eosTokens = Fields.readTokens(in);
        return new BeamParams(width, pruneThreshold, eosTokens, Fields.readFlag(in), readLimit(in), readLimit(in));
    }

    /** One more than the limit, so that no limit takes one byte. */
    private static void writeLimit(int limit, DataOutputView out) throws IOException {
        Fields.writeVarint(limit == BeamParams.UNLIMITED ? 0 : limit + 1L, out);
    }

    private static int readLimit(DataInputView in) throws IOException {
        int limitAndOne = Fields.readSize(in, Integer.MAX_VALUE);
        return limitAndOne == 0 ? BeamParams.UNLIMITED : limitAndOne - 1;
    }
}
