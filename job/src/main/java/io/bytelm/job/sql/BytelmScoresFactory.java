package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.RowType;

/**
 * Makes tables of {@code 'connector' = 'bytelm-scores'} known to Flink SQL: what the sessions of a table of
 * {@link BytelmSessionsFactory} say, from whose INSERT it is read in the same set of statements. Called where a query is
 * planned.
 */
public final class BytelmScoresFactory implements DynamicTableSourceFactory {
    static final String IDENTIFIER = "bytelm-scores";

    static final ConfigOption<String> SESSIONS = key("sessions")
            .stringType()
            .noDefaultValue()
            .withDescription("The table of 'connector' = 'bytelm-sessions' whose scores these are: NAME, DATABASE.NAME"
                    + " or CATALOG.DATABASE.NAME.");

    /** Called by Flink, by way of {@code META-INF/services}. */
    public BytelmScoresFactory() {}

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(SESSIONS);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Set.of();
    }

    /** @throws ValidationException if an option or a column is refused */
    @Override
    public DynamicTableSource createDynamicTableSource(Context context) {
        FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
        helper.validate();
        RowType columns = (RowType) context.getPhysicalRowDataType().getLogicalType();
        SessionColumns.ALL.rows(columns);
        return new ScoresSource(
                context.getObjectIdentifier(),
                named(helper.getOptions().get(SESSIONS), context.getObjectIdentifier()),
                context.getPhysicalRowDataType());
    }

    /** A name that is not whole lies where the table of scores does. */
    static ObjectIdentifier named(String typed, ObjectIdentifier scores) {
        String[] parts = typed.split("\\.", -1);
        return switch (parts.length) {
            case 1 -> ObjectIdentifier.of(scores.getCatalogName(), scores.getDatabaseName(), parts[0]);
            case 2 -> ObjectIdentifier.of(scores.getCatalogName(), parts[0], parts[1]);
            case 3 -> ObjectIdentifier.of(parts[0], parts[1], parts[2]);
            default ->
                throw GivenOptions.refused(
                        SESSIONS, "is NAME, DATABASE.NAME or CATALOG.DATABASE.NAME, not '" + typed + "'");
        };
    }
}
