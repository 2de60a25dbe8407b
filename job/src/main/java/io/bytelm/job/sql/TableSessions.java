package io.bytelm.job.sql;

import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckedCoordinatedFactory;
import io.bytelm.job.check.MemoryNeed;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionState;
import io.bytelm.session.SessionOperatorFactory;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.table.catalog.ObjectIdentifier;

/**
 * The session operator of a table, known by the table's name: by it the statement that reads scores finds the operator that
 * the statement before has put into the same job.
 */
final class TableSessions extends CheckedCoordinatedFactory<InputRecord, Result> {
    private static final long serialVersionUID = 1;

    private final String table;

    TableSessions(ObjectIdentifier table, SessionOperatorFactory<SessionState> factory, MemoryNeed need) {
        super(factory, need);
        this.table = table.asSummaryString();
    }

    /** The one of this table among what was added to a job; the last one, if there are several. */
    static Optional<Transformation<Result>> find(List<Transformation<?>> added, ObjectIdentifier table) {
        for (int i = added.size() - 1; i >= 0; i--) {
            if (isOf(added.get(i), table.asSummaryString())) {
                return Optional.of(ofResults(added.get(i)));
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(Transformation<?> candidate, String table) {
        return candidate instanceof OneInputTransformation<?, ?> operator
                && operator.getOperatorFactory() instanceof TableSessions sessions
                && sessions.table.equals(table);
    }

    @SuppressWarnings("unchecked") // the factory says of what type the results are
    private static Transformation<Result> ofResults(Transformation<?> operator) {
        return (Transformation<Result>) operator;
    }

    /** @throws SuppressRestartsException if nobody reads what the sessions say, or a jar is missing */
    @Override
    public <T extends StreamOperator<Result>> T createStreamOperator(StreamOperatorParameters<Result> parameters) {
        ClassLoader loader = parameters.getContainingTask().getUserCodeClassLoader();
        if (!isRead(parameters.getStreamConfig(), loader)) {
            throw new SuppressRestartsException(new UserException("nothing reads the scores of table '" + table
                    + "': write INSERT INTO " + table + " and the INSERT that selects from a table with 'connector' = '"
                    + BytelmScoresFactory.IDENTIFIER + "', in this order, into one EXECUTE STATEMENT SET"));
        }
        return super.createStreamOperator(parameters);
    }

    /** What is rejected goes to a side output, which has a reader in any case. */
    private static boolean isRead(StreamConfig config, ClassLoader loader) {
        boolean inChain = config.getChainedOutputs(loader).stream().anyMatch(edge -> edge.getOutputTag() == null);
        return inChain
                || config.getOperatorNonChainedOutputs(loader).stream()
                        .anyMatch(output -> output.getOutputTag() == null);
    }
}
