package io.bytelm.job.check;

import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;

/**
 * The same for an operator that has a side on the JobManager.
 *
 * @param <IN> what the operator takes
 * @param <OUT> what it emits
 */
public class CheckedCoordinatedFactory<IN, OUT> extends CheckedOperatorFactory<IN, OUT>
        implements CoordinatedOperatorFactory<OUT> {
    private static final long serialVersionUID = 1;

    /**
     * @param factory makes the operator and its coordinator
     * @param need what a TaskManager must have room for
     */
    public <F extends OneInputStreamOperatorFactory<IN, OUT> & CoordinatedOperatorFactory<OUT>>
            CheckedCoordinatedFactory(F factory, MemoryNeed need) {
        super(factory, need);
    }

    /** Called where the job is submitted. */
    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operatorId) {
        ClassLoader loader = CheckedCoordinatedFactory.class.getClassLoader();
        return ((CoordinatedOperatorFactory<?>) factory(loader)).getCoordinatorProvider(operatorName, operatorId);
    }
}
