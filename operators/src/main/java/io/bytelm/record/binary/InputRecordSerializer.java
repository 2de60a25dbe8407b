package io.bytelm.record.binary;

import io.bytelm.record.InputRecord;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Format 2: key, op, sequence and value, each with a presence byte and a length; then the source: topic, partition,
 * offset, timestamp; then the number of headers, and each one's name and value, this with a presence byte. Format 1 has no
 * headers.
 */
public final class InputRecordSerializer extends VersionedSerializer<InputRecord> {
    private static final long serialVersionUID = 1;
    private static final String NAME = "input record";
    private static final int NEWEST_VERSION = 2;

    /** Of the newest format. */
    public InputRecordSerializer() {
        this(NEWEST_VERSION);
    }

    private InputRecordSerializer(int version) {
        super(NAME, version, NEWEST_VERSION);
    }

    @Override
    void write(InputRecord record, DataOutputView out) throws IOException {
        Fields.writeNullableBytes(record.key(), out);
        Fields.writeNullableText(record.op(), out);
        Fields.writeNullableText(record.sequence(), out);
        Fields.writeNullableBytes(record.value(), out);
        writeSource(record.source(), out);
        Fields.writeVarint(record.headers().size(), out);
        for (RecordHeader header : record.headers()) {
            Fields.writeText(header.name(), out);
            Fields.writeNullableBytes(header.value(), out);
        }
    }

    @Override
    InputRecord read(DataInputView in, int formatVersion) throws IOException {
        byte[] key = Fields.readNullableBytes(in);
        String op = Fields.readNullableText(in);
        String sequence = Fields.readNullableText(in);
        byte[] value = Fields.readNullableBytes(in);
        SourcePosition source = readSource(in);
        List<RecordHeader> headers = formatVersion == 1 ? List.of() : readHeaders(in);
        return new InputRecord(key, op, sequence, value, headers, source);
    }

    private static List<RecordHeader> readHeaders(DataInputView in) throws IOException {
        int count = Fields.readSize(in, Integer.MAX_VALUE);
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(new RecordHeader(Fields.readText(in), Fields.readNullableBytes(in)));
        }
        return List.copyOf(headers);
    }

    static void writeSource(SourcePosition source, DataOutputView out) throws IOException {
        Fields.writeText(source.topic(), out);
        Fields.writeSigned(source.partition(), out);
        Fields.writeSigned(source.offset(), out);
        Fields.writeSigned(source.timestampMillis(), out);
    }

    static SourcePosition readSource(DataInputView in) throws IOException {
        return new SourcePosition(
                Fields.readText(in), (int) Fields.readSigned(in), Fields.readSigned(in), Fields.readSigned(in));
    }

    /** An empty record. */
    @Override
    public InputRecord createInstance() {
        return new InputRecord(null, null, null, new SourcePosition("", 0, 0, 0));
    }

    @Override
    public TypeSerializerSnapshot<InputRecord> snapshotConfiguration() {
        return new Snapshot(version());
    }

    /** Flink makes one by reflection and fills it from a checkpoint. */
    public static final class Snapshot extends VersionedSnapshot<InputRecord> {
        public Snapshot() {
            this(NEWEST_VERSION);
        }

        private Snapshot(int version) {
            super(NAME, version, NEWEST_VERSION, InputRecordSerializer::new);
        }
    }
}
