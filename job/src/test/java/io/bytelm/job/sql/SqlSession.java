package io.bytelm.job.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** A user's session, in which statements see what those before have made. */
final class SqlSession {
    private final StreamTableEnvironment tables;

    SqlSession() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        tables = StreamTableEnvironment.create(env);
    }

    /** Every job has ended, but for the last steps of its tasks. */
    void requireNoThreads() throws InterruptedException {
        for (int i = 0; i < 500 && isComputing(); i++) {
            Thread.sleep(10);
        }
        assertThat(isComputing()).isFalse();
    }

    private static boolean isComputing() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("bytelm-ml-predict"));
    }

    StreamTableEnvironment tables() {
        return tables;
    }

    void execute(String statement) {
        tables.executeSql(statement);
    }

    List<Row> rows(String select) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> results = tables.executeSql(select).collect()) {
            results.forEachRemaining(rows::add);
        }
        return rows;
    }

    /** The same by what they have in a column, where they differ. */
    Map<Object, Row> rowsBy(String column, String select) throws Exception {
        return rows(select).stream()
                .collect(Collectors.toMap(row -> Objects.requireNonNull(row.getField(column)), row -> row));
    }

    /** A set of statements is one. */
    private static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        String begun = "";
        for (String part : script.replaceAll("(?m)^--.*$", "").split(";\\s*(\\n|$)")) {
            begun = begun.isEmpty() ? part.strip() : begun + ";\n" + part.strip();
            if (!begun.startsWith("EXECUTE STATEMENT SET") || begun.endsWith("END")) {
                statements.add(begun.endsWith("END") ? begun + ";" : begun);
                begun = "";
            }
        }
        return statements;
    }

    /**
     * What the SQL client makes of a script, which a TableEnvironment does not: SET is a setting of the session.
     *
     * @return the rows of each SELECT
     */
    List<List<Row>> run(String script) throws Exception {
        List<List<Row>> results = new ArrayList<>();
        for (String sql : statements(script)) {
            String[] quoted = sql.split("'");
            if (sql.startsWith("SET ")) {
                tables.getConfig().set(quoted[1], quoted[3]);
            } else if (sql.startsWith("SELECT ")) {
                results.add(rows(sql));
            } else if (!sql.isEmpty()) {
                tables.executeSql(sql).await();
            }
        }
        return results;
    }
}
