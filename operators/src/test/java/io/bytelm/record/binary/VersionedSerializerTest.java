package io.bytelm.record.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Formats that follow each other, shown on a counter whose second format also holds a unit. */
class VersionedSerializerTest {
    record Counter(long count, String unit) {}

    /** What a build does that knows formats up to {@link #build}. */
    static final class CounterSerializer extends VersionedSerializer<Counter> {
        private static final long serialVersionUID = 1;
        static volatile int build = 2;

        private final int newest;

        CounterSerializer(int version) {
            super("counter", version, build);
            newest = build;
        }

        @Override
        Counter read(DataInputView in, int formatVersion) throws IOException {
            return new Counter(in.readLong(), formatVersion == 1 ? "unknown" : in.readUTF());
        }

        @Override
        void write(Counter value, DataOutputView out) throws IOException {
            out.writeLong(value.count());
            if (newest > 1) {
                out.writeUTF(value.unit());
            }
        }

        @Override
        public Counter createInstance() {
            return new Counter(0, "");
        }

        @Override
        public TypeSerializerSnapshot<Counter> snapshotConfiguration() {
            return new Snapshot(version());
        }

        public static final class Snapshot extends VersionedSnapshot<Counter> {
            public Snapshot() {
                this(build);
            }

            Snapshot(int version) {
                super("counter", version, build, CounterSerializer::new);
            }
        }
    }

    /** Adds one for each element and emits what it found. */
    static final class Counting extends KeyedProcessFunction<String, String, String> {
        private static final long serialVersionUID = 1;

        private transient @Nullable ValueState<Counter> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext()
                    .getState(new ValueStateDescriptor<>("counter", new CounterSerializer(CounterSerializer.build)));
        }

        @Override
        public void processElement(String element, Context context, Collector<String> out) throws Exception {
            ValueState<Counter> counter = Objects.requireNonNull(state);
            Counter found = counter.value();
            out.collect(String.valueOf(found));
            counter.update(new Counter(found == null ? 1 : found.count() + 1, "bytes"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBackendReadsTheOlderFormatAndGoesOnInTheNewer(boolean rocksDb) throws Exception {
        StateBackend backend = rocksDb ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
        OperatorSubtaskState older;
        try (var harness = counting(1, backend)) {
            harness.open();
            harness.processElement(new StreamRecord<>("a"));
            older = harness.snapshot(1, 1);
        }
        OperatorSubtaskState newer;
        try (var harness = counting(2, backend)) {
            harness.initializeState(older);
            harness.open();
            harness.processElement(new StreamRecord<>("a"));
            assertThat(harness.extractOutputValues()).containsExactly("Counter[count=1, unit=unknown]");
            newer = harness.snapshot(2, 2);
        }
        try (var harness = counting(2, backend)) {
            harness.initializeState(newer);
            harness.open();
            harness.processElement(new StreamRecord<>("a"));
            assertThat(harness.extractOutputValues()).containsExactly("Counter[count=2, unit=bytes]");
        }
        try (var harness = counting(1, backend)) {
            assertThatThrownBy(() -> harness.initializeState(newer))
                    .hasRootCauseMessage("the counter in this checkpoint or savepoint has format 2, this build reads"
                            + " up to format 1: restore it with the build that wrote it, or a newer one");
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, String, String> counting(
            int build, StateBackend backend) throws Exception {
        CounterSerializer.build = build;
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new Counting()), key -> key, Types.STRING);
        harness.setStateBackend(backend);
        harness.setup();
        return harness;
    }

    @Test
    void anOlderFormatIsReadButNotWritten() throws IOException {
        CounterSerializer.build = 2;
        DataOutputSerializer out = new DataOutputSerializer(8);
        out.writeLong(7);
        CounterSerializer older = new CounterSerializer(1);
        assertThat(older.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .isEqualTo(new Counter(7, "unknown"));
        assertThatThrownBy(() -> older.serialize(new Counter(7, "bytes"), out))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("format 1 of counter is only read; format 2 is the one to write");
    }

    @Test
    void aSnapshotOfAnUnknownLayoutOrFormatIsRefused() throws IOException {
        DataOutputSerializer zero = new DataOutputSerializer(4);
        zero.writeInt(0);
        ClassLoader loader = getClass().getClassLoader();
        assertThatThrownBy(() -> new SessionStateSerializer.Snapshot()
                        .readSnapshot(1, new DataInputDeserializer(zero.getCopyOfBuffer()), loader))
                .isInstanceOf(IOException.class)
                .hasMessage("damaged snapshot of session state: there is no format 0");
        assertThatThrownBy(() -> new SessionStateSerializer.Snapshot()
                        .readSnapshot(2, new DataInputDeserializer(zero.getCopyOfBuffer()), loader))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has format of snapshot layout 2, this build reads up to format 6");
    }

    @Test
    void aSnapshotOfAnotherTypeIsIncompatible() {
        @SuppressWarnings({"unchecked", "rawtypes"}) // what a changed state descriptor does to Flink
        var compatibility = new SessionStateSerializer.Snapshot()
                .resolveSchemaCompatibility((TypeSerializerSnapshot) new InputRecordSerializer.Snapshot());
        assertThat(compatibility.isIncompatible()).isTrue();
    }
}
