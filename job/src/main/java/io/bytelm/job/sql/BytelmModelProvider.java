package io.bytelm.job.sql;

import io.bytelm.job.JobModel;
import io.bytelm.job.KnownModel;
import io.bytelm.service.ServiceSource;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.apache.flink.table.types.logical.RowType;

/**
 * A model that was checked, for one query.
 *
 * @param model opens it on a TaskManager
 * @param session what the session of the planner says
 */
record BytelmModelProvider(ModelStatement statement, ServiceSource model, ReadableConfig session)
        implements AsyncPredictRuntimeProvider {
    static Set<ConfigOption<?>> optionalOptions() {
        return TaskOptions.union(
                TaskOptions.union(ModelOptions.all(), ServiceEndpointOptions.ALL),
                TaskOptions.union(TaskOptions.union(BeamOptions.ALL, FailureOptions.ALL), TaskOptions.ALL));
    }

    /** @throws org.apache.flink.table.api.ValidationException if anything in the statement is refused */
    static BytelmModelProvider of(ModelProviderFactory factory, ModelProviderFactory.Context context) {
        ResolvedCatalogModel declared = context.getCatalogModel();
        new GivenOptions(declared.getOptions()).requireReadable(factory.optionalOptions());
        FactoryUtil.createModelProviderFactoryHelper(factory, context).validate();
        ModelStatement statement = new ModelStatement(
                declared.getOptions(),
                TextColumn.of(rowType(declared.getResolvedInputSchema())),
                rowType(declared.getResolvedOutputSchema()));
        JobModel model = statement.model();
        KnownModel known = statement.check(model);
        return new BytelmModelProvider(statement, model.onCluster(known), context.getConfiguration());
    }

    private static RowType rowType(ResolvedSchema schema) {
        return (RowType) schema.toPhysicalRowDataType().getLogicalType();
    }

    @Override
    public AsyncPredictFunction createAsyncPredictFunction(Context context) {
        ConcurrencyAdvice.give(context.runtimeConfig(), session, statement.retry());
        return new BytelmPredictFunction(statement, model);
    }

    @Override
    public ModelProvider copy() {
        return this;
    }
}
