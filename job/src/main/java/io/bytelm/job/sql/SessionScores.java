package io.bytelm.job.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.types.DataType;

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

    private SessionScores() {}

    /** As the other method, with {@link #COLUMNS}. */
    public static Table of(StreamTableEnvironment tables, Table sessions, Map<String, String> options) {
        return of(tables, sessions, options, COLUMNS);
    }

    /**
     * Adds the sessions to the environment's job and names what they say.
     *
     * @param sessions the columns {@code session} and {@code content}, {@code STRING} or {@code BYTES}, and those that the
     *     README's section on Flink SQL lists besides; only rows that are added
     * @param options of the connector {@code bytelm-sessions}
     * @param columns those of {@code bytelm-scores} that are wanted; a watermark may be declared on one
     * @return the scores, to which rows are only added; a view of it can be made for SQL
     * @throws org.apache.flink.table.api.ValidationException if an option, a column or the model is refused
     */
    public static Table of(
            StreamTableEnvironment tables, Table sessions, Map<String, String> options, Schema columns) {
        String name = freeName(tables);
        String scores = name + "_scores";
        TableDescriptor.Builder written =
                TableDescriptor.forConnector(BytelmSessionsFactory.IDENTIFIER).schema(physical(sessions));
        options.forEach(written::option);
        tables.createTemporaryTable(name, written.build());
        tables.createTemporaryTable(
                scores,
                TableDescriptor.forConnector(BytelmScoresFactory.IDENTIFIER)
                        .schema(columns)
                        .option(BytelmScoresFactory.SESSIONS, name)
                        .build());
        StreamStatementSet insert = tables.createStatementSet();
        insert.addInsert(name, sessions);
        insert.attachAsDataStream();
        return tables.from(scores);
    }

    private static String freeName(StreamTableEnvironment tables) {
        List<String> taken = Arrays.asList(tables.listTables());
        int number = 1;
        while (taken.contains("bytelm_sessions_" + number)) {
            number++;
        }
        return "bytelm_sessions_" + number;
    }

    private static Schema physical(Table sessions) {
        DataType rows = sessions.getResolvedSchema().toPhysicalRowDataType();
        return Schema.newBuilder().fromRowDataType(rows).build();
    }
}
