package io.bytelm.record.binary;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.record.LeftOut;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * What a session has left out: how many bytes, and the first and the last dead end, each as its number and one, or 0 for
 * none.
 */
final class LeftOutFormat {
    private static final DeadEndKind[] DEAD_ENDS = DeadEndKind.values();

    private LeftOutFormat() {}

    static void write(LeftOut leftOut, DataOutputView out) throws IOException {
        Fields.writeVarint(leftOut.bytes(), out);
        writeDeadEnd(leftOut.first(), out);
        writeDeadEnd(leftOut.last(), out);
    }

    static LeftOut read(DataInputView in) throws IOException {
        return new LeftOut(Fields.readVarint(in), readDeadEnd(in), readDeadEnd(in));
    }

    static void writeDeadEnd(@Nullable DeadEndKind kind, DataOutputView out) throws IOException {
        Fields.writeVarint(kind == null ? 0 : kind.ordinal() + 1L, out);
    }

    static @Nullable DeadEndKind readDeadEnd(DataInputView in) throws IOException {
        int number = Fields.readSize(in, DEAD_ENDS.length);
        return number == 0 ? null : DEAD_ENDS[number - 1];
    }
}
