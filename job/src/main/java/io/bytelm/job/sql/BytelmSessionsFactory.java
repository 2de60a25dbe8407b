package io.bytelm.job.sql;

import io.bytelm.job.check.SharedJars;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/**
 * Makes tables of {@code 'connector' = 'bytelm-sessions'} known to Flink SQL: what is inserted are the bytes of sessions, which
 * a model scores or goes on from. What it says is read from a table of {@link BytelmScoresFactory}. Called where a query is
 * planned.
 */
public final class BytelmSessionsFactory implements DynamicTableSinkFactory {
    static final String IDENTIFIER = "bytelm-sessions";

    /** Called by Flink, by way of {@code META-INF/services}. */
    public BytelmSessionsFactory() {}

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return SessionStatement.optionalOptions();
    }

    /** @throws ValidationException if anything in the statement is refused, or the model cannot be found from here */
    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        Map<String, String> options = context.getCatalogTable().getOptions();
        ObjectIdentifier table = context.getObjectIdentifier();
        new GivenOptions(options).requireReadable(optionalOptions());
        FactoryUtil.createTableFactoryHelper(this, context).validate();
        if (context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) != RuntimeExecutionMode.STREAMING) {
            throw new ValidationException("table '" + table.asSummaryString() + "' takes rows in streaming mode only,"
                    + " bounded ones too: SET '" + ExecutionOptions.RUNTIME_MODE.key() + "' = 'streaming'");
        }
        RowType rows = (RowType) context.getPhysicalRowDataType().getLogicalType();
        SessionInput input = SessionInput.of(rows);
        try {
            return new SessionsSink(SessionStatement.of(table, options), input);
        } catch (LinkageError e) {
            throw new ValidationException(SharedJars.brokenBy(e));
        }
    }
}
