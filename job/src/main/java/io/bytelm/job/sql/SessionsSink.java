package io.bytelm.job.sql;

import io.bytelm.job.DeadLetterLog;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.session.DeadLetters;
import io.bytelm.session.SessionKey;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;

/**
 * Puts the session operator behind the rows of an INSERT. What is rejected is a line in the log as well; what sessions say is
 * left to be read by {@link ScoresSource}.
 */
record SessionsSink(SessionStatement statement, SessionInput input) implements DynamicTableSink {
    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return ChangelogMode.insertOnly();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return new DataStreamSinkProvider() {
            @Override
            public DataStreamSink<?> consumeDataStream(ProviderContext names, DataStream<RowData> rows) {
                return sessions(names, rows);
            }
        };
    }

    private DataStreamSink<?> sessions(ProviderContext names, DataStream<RowData> rows) {
        String table = statement.table().asSummaryString();
        SessionInput read = input;
        DataStream<InputRecord> records = rows.map(read::record)
                .returns(ImmutableTypeInfo.INPUT_RECORD)
                .name("rows of " + table)
                .setParallelism(rows.getParallelism());
        SingleOutputStreamOperator<Result> sessions = records.keyBy(new SessionKey(), Types.STRING)
                .transform("sessions of " + table, ImmutableTypeInfo.RESULT, statement.operator());
        names.generateUid("sessions").ifPresent(sessions::uid);
        DataStreamSink<?> log = sessions.getSideOutput(DeadLetters.OUTPUT)
                .sinkTo(new DeadLetterLog("the rows of event '" + SessionColumns.REJECTED + "' have each of them"))
                .name("rejected rows of " + table + ", logged");
        names.generateUid("rejected-logged").ifPresent(log::uid);
        return log;
    }

    @Override
    public DynamicTableSink copy() {
        return this;
    }

    @Override
    public String asSummaryString() {
        return "ByteLM sessions";
    }
}
