package io.bytelm.record.binary;

import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What decoding sessions say: a byte for the kind, session and source, then the fields in their order; whether contexts
 * were shortened comes last.
 */
final class DecodeRecordFormat {
    private static final int GENERATED = 0;
    private static final int NEXT = 1;
    private static final int FINISHED = 2;
    private static final int MOST_PARTICLES = 1 << 20;

    private DecodeRecordFormat() {}

    static void write(DecodeRecord record, DataOutputView out) throws IOException {
        int kind = record instanceof Generated ? GENERATED : record instanceof Next ? NEXT : FINISHED;
        out.writeByte(kind);
        Fields.writeBytes(record.session(), out);
        InputRecordSerializer.writeSource(record.source(), out);
        if (record instanceof Generated generated) {
            writeGenerated(generated, out);
        } else if (record instanceof Next next) {
            writeNext(next, out);
        } else if (record instanceof Finished finished) {
            writeFinished(finished, out);
        }
        out.writeBoolean(record.truncated());
    }

    /** @param formatVersion of {@link OutputRecordSerializer} */
    static DecodeRecord read(DataInputView in, int formatVersion) throws IOException {
        int kind = Fields.readSize(in, FINISHED);
        byte[] session = Fields.readBytes(in);
        var source = InputRecordSerializer.readSource(in);
        return switch (kind) {
            case GENERATED ->
                new Generated(
                        session,
                        Fields.readVarint(in),
                        Fields.readBytes(in),
                        Fields.readSize(in, Integer.MAX_VALUE),
                        in.readDouble(),
                        in.readDouble(),
                        readNullableDouble(in),
                        OutputRecordSerializer.readNext(in),
                        OutputRecordSerializer.readTruncated(in, formatVersion),
                        source);
            case NEXT ->
                new Next(
                        session,
                        Fields.readVarint(in),
                        Fields.readFlag(in),
                        readNullableByte(in),
                        Fields.readSize(in, Integer.MAX_VALUE),
                        in.readDouble(),
                        in.readDouble(),
                        OutputRecordSerializer.readNext(in),
                        OutputRecordSerializer.readTruncated(in, formatVersion),
                        source);
            default ->
                new Finished(
                        session,
                        readOutput(in),
                        readParticles(in),
                        in.readDouble(),
                        in.readDouble(),
                        OutputRecordSerializer.readTruncated(in, formatVersion),
                        source);
        };
    }

    private static void writeGenerated(Generated generated, DataOutputView out) throws IOException {
        Fields.writeVarint(generated.bytes(), out);
        Fields.writeBytes(generated.piece(), out);
        Fields.writeVarint(generated.forcedBytes(), out);
        out.writeDouble(generated.logLikelihood());
        out.writeDouble(generated.logWeight());
        Double logMask = generated.logMask();
        out.writeBoolean(logMask != null);
        if (logMask != null) {
            out.writeDouble(logMask);
        }
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

    private static List<Output> readParticles(DataInputView in) throws IOException {
        int count = Fields.readSize(in, MOST_PARTICLES);
        List<Output> particles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            particles.add(readOutput(in));
        }
        return particles;
    }

    private static void writeOutput(Output output, DataOutputView out) throws IOException {
        Fields.writeBytes(output.bytes(), out);
        DecodingStateFormat.writeEnding(output.ending(), out);
        out.writeBoolean(output.complete());
        out.writeDouble(output.logLikelihood());
        out.writeDouble(output.logWeight());
    }

    private static Output readOutput(DataInputView in) throws IOException {
        byte[] bytes = Fields.readBytes(in);
        Ending ending = DecodingStateFormat.readEnding(in);
        return new Output(bytes, ending, Fields.readFlag(in), in.readDouble(), in.readDouble());
    }

    private static @Nullable Double readNullableDouble(DataInputView in) throws IOException {
        return Fields.readFlag(in) ? Double.valueOf(in.readDouble()) : null;
    }

    private static @Nullable Integer readNullableByte(DataInputView in) throws IOException {
        return Fields.readFlag(in) ? Integer.valueOf(in.readUnsignedByte()) : null;
    }
}
