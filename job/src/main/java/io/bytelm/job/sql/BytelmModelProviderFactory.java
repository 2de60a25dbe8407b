package io.bytelm.job.sql;

import io.bytelm.job.check.SharedJars;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.ml.ModelProvider;

/** Makes models of {@code 'provider' = 'bytelm'} known to Flink SQL. Called where a query is planned. */
public final class BytelmModelProviderFactory implements ModelProviderFactory {
    static final String IDENTIFIER = "bytelm";

    /** Called by Flink, by way of {@code META-INF/services}. */
    public BytelmModelProviderFactory() {}

    @Override
    public String factoryIdentifier() {
        return IDENTIFIER;
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Set.of(TaskOptions.TASK);
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return BytelmModelProvider.optionalOptions();
    }

    /** @throws ValidationException if anything in the statement is refused, or the model cannot be found from here */
    @Override
    public ModelProvider createModelProvider(Context context) {
        try {
            return BytelmModelProvider.of(this, context);
        } catch (LinkageError e) {
            throw new ValidationException(SharedJars.brokenBy(e));
        }
    }
}
