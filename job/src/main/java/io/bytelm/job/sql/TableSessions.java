package io.bytelm.job.sql;

import io.bytelm.job.check.CheckedCoordinatedFactory;
import io.bytelm.job.check.MemoryNeed;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionState;
import io.bytelm.session.SessionOperatorFactory;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ObjectIdentifier;

/**
 * The session operator of a table, known by the table's name: by it the statement that reads scores finds the operator that
 * the statement before has put into the same job.
 */
final class TableSessions extends CheckedCoordinatedFactory<InputRecord, Result> {
    private static final long serialVersionUID = 1;

    private final String table;
    /** Set by what reads it, while the statements of a job are planned one after the other by one thread. */
    private boolean isRead;

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

    /** Somebody reads what the sessions say, if this is the operator that holds those of a table. */
    static void willBeRead(Transformation<Result> sessions) {
        if (sessions instanceof OneInputTransformation<?, ?> operator
                && operator.getOperatorFactory() instanceof TableSessions ofTable) {
            ofTable.isRead = true;
        }
    }

    /**
     * Called when all statements of the job are planned and before anything of it runs, by the JobManager.
     *
     * @throws ValidationException if nobody reads what the sessions say
     */
    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operatorId) {
        if (!isRead) {
            throw new ValidationException("nothing reads the scores of table '" + table + "': write INSERT INTO "
                    + table
                    + " and the INSERT that selects from a table with 'connector' = '" + BytelmScoresFactory.IDENTIFIER
                    + "', in this order, into one EXECUTE STATEMENT SET; of several INSERTs into it the last one alone is"
                    + " read, so select with UNION ALL what they insert");
        }
        return super.getCoordinatorProvider(operatorName, operatorId);
    }
}
