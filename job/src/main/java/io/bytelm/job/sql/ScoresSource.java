package io.bytelm.job.sql;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.session.Alerts;
import io.bytelm.session.DeadLetters;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SideOutputTransformation;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Rows of what the sessions of a table say, and of what they reject. Watermarks are those of the rows that went into the
 * sessions, behind what answers them.
 *
 * @param scores the table that is read
 * @param sessions the table whose sessions speak
 * @param columns of the rows
 */
record ScoresSource(ObjectIdentifier scores, ObjectIdentifier sessions, DataType columns)
        implements ScanTableSource, SupportsSourceWatermark {
    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(columns);
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(ProviderContext names, StreamExecutionEnvironment env) {
                return rows(names, env, type);
            }

            @Override
            public boolean isBounded() {
                return false;
            }
        };
    }

    private DataStream<RowData> rows(
            ProviderContext names, StreamExecutionEnvironment env, TypeInformation<RowData> type) {
        Transformation<Result> operator = TableSessions.find(env.getTransformations(), sessions)
                .orElseThrow(() -> new ValidationException("table '" + scores.asSummaryString()
                        + "' has the scores of table '" + sessions.asSummaryString()
                        + "', into which nothing is inserted before it is read: write INSERT INTO "
                        + sessions.asSummaryString()
                        + " and then the INSERT that selects from it into one EXECUTE STATEMENT SET"));
        DataStream<DeadLetter> rejected =
                new DataStream<>(env, new SideOutputTransformation<>(operator, DeadLetters.OUTPUT));
        return SessionStage.scores(
                names,
                new DataStream<>(env, operator),
                new DataStream<>(env, new SideOutputTransformation<>(operator, Alerts.OUTPUT)),
                rejected,
                sessions.asSummaryString(),
                (RowType) columns.getLogicalType(),
                type);
    }

    /** Nothing is to be done: the rows come with them. */
    @Override
    public void applySourceWatermark() {}

    @Override
    public DynamicTableSource copy() {
        return this;
    }

    @Override
    public String asSummaryString() {
        return "ByteLM scores";
    }
}
