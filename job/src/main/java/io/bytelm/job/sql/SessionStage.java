package io.bytelm.job.sql;

import io.bytelm.job.DeadLetterLog;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.session.DeadLetters;
import io.bytelm.session.SessionKey;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/** The operators between rows of sessions and rows of scores. */
record SessionStage(SessionStatement statement, SessionInput input) {
    /**
     * What was added to a job.
     *
     * @param sessions what they say, and what they reject
     * @param log where a line is written of what they reject
     */
    record Added(SingleOutputStreamOperator<Result> sessions, DataStreamSink<?> log) {}

    /** @param names the operators' ids, where the planner gives them some */
    Added add(ProviderContext names, DataStream<RowData> rows) {
        String table = statement.table().asSummaryString();
        SessionInput read = input;
        SingleOutputStreamOperator<InputRecord> records = rows.map(read::record)
                .returns(ImmutableTypeInfo.INPUT_RECORD)
                .name("rows of " + table)
                .setParallelism(rows.getParallelism());
        names.generateUid("records").ifPresent(records::uid);
        SingleOutputStreamOperator<Result> sessions = records.keyBy(new SessionKey(), Types.STRING)
                .transform("sessions of " + table, ImmutableTypeInfo.RESULT, statement.operator());
        names.generateUid("sessions").ifPresent(sessions::uid);
        DataStreamSink<?> log = sessions.getSideOutput(DeadLetters.OUTPUT)
                .sinkTo(new DeadLetterLog("the rows of event '" + SessionColumns.REJECTED + "' have each of them"))
                .name("rejected rows of " + table + ", logged");
        names.generateUid("rejected-logged").ifPresent(log::uid);
        return new Added(sessions, log);
    }

    /**
     * Rows of these columns.
     *
     * @param sessions what they say
     * @param alerts their alerts
     * @param rejected what they reject
     * @param table whose sessions they are
     */
    static DataStream<RowData> scores(
            ProviderContext names,
            DataStream<Result> sessions,
            DataStream<Result> alerts,
            DataStream<DeadLetter> rejected,
            String table,
            RowType columns,
            TypeInformation<RowData> type) {
        TableSessions.willBeRead(sessions.getTransformation());
        SingleOutputStreamOperator<RowData> rows = sessions.union(alerts)
                .connect(rejected)
                .map(new SessionRows(columns))
                .returns(type)
                .name("scores of " + table)
                .setParallelism(sessions.getParallelism());
        names.generateUid("scores").ifPresent(rows::uid);
        return rows;
    }
}
