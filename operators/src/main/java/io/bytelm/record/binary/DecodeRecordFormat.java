package io.bytelm.record.binary;

import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What decoding sessions say: a byte for the kind, session and source, then the fields in their order, but for two: whether
 * contexts were shortened comes after them, and the upper end of the log-likelihood, with a presence byte, at the end; that of
 * an output at the output's end. Before format 6 of {@link OutputRecordSerializer} there is no upper end, and before format 7 nothing
 * is said of what a constraint ignores: its lines.
 */
final class DecodeRecordFormat {
    private static final int GENERATED = 0;
    private static final int NEXT = 1;
    private static final int FINISHED = 2;
    private static final int IGNORED = 3;
    private static final int MOST_LINES = 1 << 20;
    private static final int MOST_PARTICLES = 1 << 20;

    private DecodeRecordFormat() {}

    static void write(DecodeRecord record, DataOutputView out) throws IOException {
        out.writeByte(kindOf(record));
        Fields.writeBytes(record.session(), out);
        InputRecordSerializer.writeSource(record.source(), out);
        if (record instanceof Generated generated) {
            writeGenerated(generated, out);
        } else if (record instanceof Next next) {
            writeNext(next, out);
        } else if (record instanceof Finished finished) {
            writeFinished(finished, out);
        } else if (record instanceof Ignored said) {
            writeLines(said.ignored(), out);
        }
        out.writeBoolean(record.truncated());
        if (record instanceof Generated generated) {
            OutputRecordSerializer.writeNullableDouble(generated.logLikelihoodUpper(), out);
        } else if (record instanceof Next next) {
            OutputRecordSerializer.writeNullableDouble(next.logLikelihoodUpper(), out);
        }
    }

    private static int kindOf(DecodeRecord record) {
        if (record instanceof Ignored) {
            return IGNORED;
        }
        return record instanceof Generated ? GENERATED : record instanceof Next ? NEXT : FINISHED;
    }

    /** @param formatVersion of {@link OutputRecordSerializer} */
    static DecodeRecord read(DataInputView in, int formatVersion) throws IOException {
        int kind = Fields.readSize(in, formatVersion < OutputRecordSerializer.WITH_IGNORED ? FINISHED : IGNORED);
        byte[] session = Fields.readBytes(in);
        SourcePosition source = InputRecordSerializer.readSource(in);
        return switch (kind) {
            case GENERATED -> readGenerated(session, source, in, formatVersion);
            case NEXT -> readNext(session, source, in, formatVersion);
            case IGNORED -> readIgnored(session, source, in);
            default ->
                new Finished(
                        session,
                        readOutput(in, formatVersion),
                        readParticles(in, formatVersion),
                        in.readDouble(),
                        in.readDouble(),
                        OutputRecordSerializer.readTruncated(in, formatVersion),
                        source);
        };
    }

    private static Ignored readIgnored(byte[] session, SourcePosition source, DataInputView in) throws IOException {
        int count = Fields.readSize(in, MOST_LINES);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(Fields.readText(in));
        }
        Fields.readFlag(in);
        return new Ignored(session, lines, source);
    }

    private static void writeLines(List<String> lines, DataOutputView out) throws IOException {
        Fields.writeVarint(lines.size(), out);
        for (String line : lines) {
            Fields.writeText(line, out);
        }
    }

    private static Generated readGenerated(byte[] session, SourcePosition source, DataInputView in, int formatVersion)
            throws IOException {
        long bytes = Fields.readVarint(in);
        byte[] piece = Fields.readBytes(in);
        int forcedBytes = Fields.readSize(in, Integer.MAX_VALUE);
        double logLikelihood = in.readDouble();
        double logWeight = in.readDouble();
        Double logMask = OutputRecordSerializer.readNullableDouble(in);
        NextSymbols next = OutputRecordSerializer.readNext(in);
        boolean truncated = OutputRecordSerializer.readTruncated(in, formatVersion);
        Double upper = readUpper(in, formatVersion);
        return new Generated(
                session, bytes, piece, forcedBytes, logLikelihood, upper, logWeight, logMask, next, truncated, source);
    }

    private static Next readNext(byte[] session, SourcePosition source, DataInputView in, int formatVersion)
            throws IOException {
        long bytes = Fields.readVarint(in);
        boolean accepting = Fields.readFlag(in);
        Integer forcedByte = readNullableByte(in);
        int fewestBytes = Fields.readSize(in, Integer.MAX_VALUE);
        double logLikelihood = in.readDouble();
        double logMask = in.readDouble();
        NextSymbols next = OutputRecordSerializer.readNext(in);
        boolean truncated = OutputRecordSerializer.readTruncated(in, formatVersion);
        Double upper = readUpper(in, formatVersion);
        return new Next(
                session,
                bytes,
                accepting,
                forcedByte,
                fewestBytes,
                logLikelihood,
                upper,
                logMask,
                next,
                truncated,
                source);
    }

    private static @Nullable Double readUpper(DataInputView in, int formatVersion) throws IOException {
        return formatVersion < OutputRecordSerializer.WITH_DECODED_UPPER
                ? null
                : OutputRecordSerializer.readNullableDouble(in);
    }

    private static void writeGenerated(Generated generated, DataOutputView out) throws IOException {
        Fields.writeVarint(generated.bytes(), out);
        Fields.writeBytes(generated.piece(), out);
        Fields.writeVarint(generated.forcedBytes(), out);
        out.writeDouble(generated.logLikelihood());
        out.writeDouble(generated.logWeight());
        OutputRecordSerializer.writeNullableDouble(generated.logMask(), out);
        OutputRecordSerializer.writeNext(generated.next(), out);
    }

    private static void writeNext(Next next, DataOutputView out) throws IOException {
        Fields.writeVarint(next.bytes(), out);
        out.writeBoolean(next.accepting());
        Integer forced = next.forcedByte();
        out.writeBoolean(forced != null);
        if (forced != null) {
            out.writeByte(forced);
        }
        Fields.writeVarint(next.fewestBytes(), out);
        out.writeDouble(next.logLikelihood());
        out.writeDouble(next.logMask());
        OutputRecordSerializer.writeNext(next.next(), out);
    }

    private static void writeFinished(Finished finished, DataOutputView out) throws IOException {
        writeOutput(finished.output(), out);
        List<Output> particles = finished.particles();
        Fields.writeVarint(particles.size(), out);
        for (Output particle : particles) {
            writeOutput(particle, out);
        }
        out.writeDouble(finished.effectiveSampleSize());
        out.writeDouble(finished.logConstraintProbability());
    }

    private static List<Output> readParticles(DataInputView in, int formatVersion) throws IOException {
        int count = Fields.readSize(in, MOST_PARTICLES);
        List<Output> particles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            particles.add(readOutput(in, formatVersion));
        }
        return particles;
    }

    private static void writeOutput(Output output, DataOutputView out) throws IOException {
        Fields.writeBytes(output.bytes(), out);
        DecodingStateFormat.writeEnding(output.ending(), out);
        out.writeBoolean(output.complete());
        out.writeDouble(output.logLikelihood());
        out.writeDouble(output.logWeight());
        OutputRecordSerializer.writeNullableDouble(output.logLikelihoodUpper(), out);
    }

    private static Output readOutput(DataInputView in, int formatVersion) throws IOException {
        byte[] bytes = Fields.readBytes(in);
        Ending ending = DecodingStateFormat.readEnding(in);
        boolean complete = Fields.readFlag(in);
        double logLikelihood = in.readDouble();
        double logWeight = in.readDouble();
        return new Output(bytes, ending, complete, logLikelihood, readUpper(in, formatVersion), logWeight);
    }

    private static @Nullable Integer readNullableByte(DataInputView in) throws IOException {
        return Fields.readFlag(in) ? Integer.valueOf(in.readUnsignedByte()) : null;
    }
}
