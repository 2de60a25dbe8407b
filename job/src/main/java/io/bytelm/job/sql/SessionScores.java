package io.bytelm.job.sql;

import io.bytelm.job.check.SharedJars;
import io.bytelm.session.Alerts;
import io.bytelm.session.DeadLetters;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeUtils;
import org.apache.flink.table.types.utils.TypeConversions;

/**
 * From a table of sessions to the table of what a model says of them, for programs in Java; in SQL the connectors
 * {@code bytelm-sessions} and {@code bytelm-scores} do the same.
 *
 * <pre>{@code
 * Table scores = SessionScores.of(tables, messages, Map.of("model", "/models/SmolLM2-135M"));
 * }</pre>
 *
 * <p>The rows of a session are read in the order in which the table gives them. Called by the thread that plans the job.
 */
public final class SessionScores {
    /** The columns of sessions that score: session, event, byte counts, log-likelihoods (nats), bits, symbols, error. */
    public static final Schema COLUMNS = Schema.newBuilder()
            .column("session", DataTypes.STRING())
            .column("event", DataTypes.STRING())
            .column("byte_count", DataTypes.BIGINT())
            .column("chunk_bytes", DataTypes.BIGINT())
            .column("chunk_log_likelihood", DataTypes.DOUBLE())
            .column("log_likelihood", DataTypes.DOUBLE())
            .column("bits_per_byte", DataTypes.DOUBLE())
            .column(
                    "next_bytes",
                    DataTypes.ARRAY(DataTypes.ROW(
                            DataTypes.FIELD("byte", DataTypes.INT()),
                            DataTypes.FIELD("text", DataTypes.STRING()),
                            DataTypes.FIELD("symbol", DataTypes.STRING()),
                            DataTypes.FIELD("logprob", DataTypes.DOUBLE()))))
            .column("truncated", DataTypes.BOOLEAN())
            .column("error", DataTypes.STRING())
            .build();

    private static final String NAME = "sessions";

    /** Flink numbers the operators of such a job. */
    private static final ProviderContext NO_NAMES = name -> Optional.empty();

    private SessionScores() {}

    /** As the other method, with {@link #COLUMNS}. */
    public static Table of(StreamTableEnvironment tables, Table sessions, Map<String, String> options) {
        return of(tables, sessions, options, COLUMNS);
    }

    /**
     * Puts the sessions behind a table, in the job of the environment.
     *
     * @param sessions the columns {@code session} and {@code content}, {@code STRING} or {@code BYTES}, and those that the
     *     README's section on Flink SQL lists besides; only rows that are added
     * @param options of the connector {@code bytelm-sessions}
     * @param columns those of {@code bytelm-scores} that are wanted; a watermark may be declared on one
     * @return the scores, to which rows are only added; a view of it can be made for SQL
     * @throws ValidationException if an option, a column or the model is refused
     */
    public static Table of(StreamTableEnvironment tables, Table sessions, Map<String, String> options, Schema columns) {
        RowType rows = withoutTimeAttributes(sessions);
        SessionInput input = SessionInput.of(rows);
        RowType scores = withoutTimeAttributes(tables.from(TableDescriptor.forConnector(BytelmScoresFactory.IDENTIFIER)
                .schema(columns)
                .option(BytelmScoresFactory.SESSIONS, NAME)
                .build()));
        SessionColumns.ALL.rows(scores);
        ObjectIdentifier table = ObjectIdentifier.of(tables.getCurrentCatalog(), tables.getCurrentDatabase(), NAME);
        SessionStage stage = new SessionStage(checked(table, options), input);
        DataType internal = TypeConversions.fromLogicalToDataType(rows).bridgedTo(RowData.class);
        SessionStage.Added added = stage.add(NO_NAMES, tables.<RowData>toDataStream(sessions, internal));
        Table said = tables.fromDataStream(
                SessionStage.scores(
                        NO_NAMES,
                        added.sessions(),
                        added.sessions().getSideOutput(Alerts.OUTPUT),
                        added.sessions().getSideOutput(DeadLetters.OUTPUT),
                        NAME,
                        scores,
                        InternalTypeInfo.of(scores)),
                columns);
        return tables.sqlQuery("SELECT * FROM " + said); // whose types are the usual ones, not Flink's internal ones
    }

    private static SessionStatement checked(ObjectIdentifier table, Map<String, String> options) {
        FactoryUtil.validateUnconsumedKeys(
                BytelmSessionsFactory.IDENTIFIER,
                options.keySet(),
                SessionStatement.optionalOptions().stream()
                        .map(ConfigOption::key)
                        .collect(Collectors.toSet()));
        try {
            return SessionStatement.of(table, options);
        } catch (LinkageError e) {
            throw new ValidationException(SharedJars.brokenBy(e));
        }
    }

    private static RowType withoutTimeAttributes(Table table) {
        DataType rows = table.getResolvedSchema().toPhysicalRowDataType();
        return (RowType) LogicalTypeUtils.removeTimeAttributes(rows.getLogicalType());
    }
}
