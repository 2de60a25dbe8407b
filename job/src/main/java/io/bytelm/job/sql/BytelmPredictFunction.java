package io.bytelm.job.sql;

import io.bytelm.service.ServiceSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ML_PREDICT} calls on a TaskManager: one row for each text, in whatever order. Its methods are called by the
 * task's thread, which waits for none of its results.
 */
public final class BytelmPredictFunction extends AsyncPredictFunction {
    private static final long serialVersionUID = 1;

    private final ModelStatement statement;
    private final ServiceSource model;
    private transient @Nullable Prediction opened;

    /** @param model opens the model where the function runs */
    BytelmPredictFunction(ModelStatement statement, ServiceSource model) {
        this.statement = statement;
        this.model = model;
    }

    /** Opens the model, or joins the subtasks and jobs of this process that have. */
    @Override
    public void open(FunctionContext context) {
        Counter withoutResult = context.getMetricGroup().counter("numRowsWithoutResult", new ThreadSafeSimpleCounter());
        opened = Prediction.open(statement, model, withoutResult);
    }

    @Override
    public CompletableFuture<Collection<RowData>> asyncPredict(RowData row) {
        Prediction prediction = Objects.requireNonNull(opened, "open() comes first");
        return prediction.of(statement.input().of(row)).thenApply(List::of);
    }

    @Override
    public void close() throws Exception {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
