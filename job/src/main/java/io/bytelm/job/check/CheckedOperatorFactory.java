package io.bytelm.job.check;

import io.bytelm.job.UserException;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Checks the TaskManager before the operator that needs the model is made there: a jar that is missing, or of another
 * version, ends the job with one line; memory that is too small is a line in the log.
 *
 * @param <IN> what the operator takes
 * @param <OUT> what it emits
 */
public class CheckedOperatorFactory<IN, OUT> extends AbstractStreamOperatorFactory<OUT>
        implements OneInputStreamOperatorFactory<IN, OUT> {
    private static final long serialVersionUID = 1;

    private final Packed<OneInputStreamOperatorFactory<IN, OUT>> factory;
    private final MemoryNeed need;

    /**
     * @param factory makes the operator
     * @param need what a TaskManager must have room for
     */
    public CheckedOperatorFactory(OneInputStreamOperatorFactory<IN, OUT> factory, MemoryNeed need) {
        this.factory = new Packed<>(factory);
        this.need = need;
    }

    /** @throws SuppressRestartsException if a jar is missing here, or is of another version */
    @Override
    public <T extends StreamOperator<OUT>> T createStreamOperator(StreamOperatorParameters<OUT> parameters) {
        ClassLoader loader = parameters.getContainingTask().getUserCodeClassLoader();
        SharedJars.complaint(loader).ifPresent(line -> {
            throw new SuppressRestartsException(new UserException(line));
        });
        TaskManagerReport.logFindings(
                need,
                parameters
                        .getContainingTask()
                        .getEnvironment()
                        .getTaskManagerInfo()
                        .getConfiguration());
        return factory(loader).createStreamOperator(parameters);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Flink declares it
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return factory(loader).getStreamOperatorClass(loader);
    }

    final OneInputStreamOperatorFactory<IN, OUT> factory(ClassLoader loader) {
        return factory.unpack(loader);
    }
}
