package io.bytelm.session;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.service.ServiceSource;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the session operator. It goes into a topology as
 *
 * <pre>{@code
 * SingleOutputStreamOperator<Result> scores =
 *         records.keyBy(new SessionKey(), Types.STRING).transform("sessions", ImmutableTypeInfo.RESULT, factory).uid("sessions");
 * DataStream<DeadLetter> deadLetters = scores.getSideOutput(DeadLetters.OUTPUT);
 * }</pre>
 *
 * @param <S> the sessions' state, immutable
 */
public final class SessionOperatorFactory<S> extends AbstractStreamOperatorFactory<Result>
        implements OneInputStreamOperatorFactory<InputRecord, Result>, CoordinatedOperatorFactory<Result> {
    private static final long serialVersionUID = 1;

    private final ServiceSource serviceSource;
    private final SessionLogic.Factory<S> logicFactory;
    private final TypeInformation<S> stateType;
    private final SessionSettings settings;
    private final ModelChange modelChange;

    /**
     * @param serviceSource opens the service on each subtask
     * @param logicFactory makes the logic on each subtask
     * @param stateType its serializer writes the sessions into snapshots
     */
    public SessionOperatorFactory(
            ServiceSource serviceSource,
            SessionLogic.Factory<S> logicFactory,
            TypeInformation<S> stateType,
            SessionSettings settings) {
        this(serviceSource, logicFactory, stateType, settings, ModelChange.REFUSED);
    }

    /**
     * As the other constructor.
     *
     * @param modelChange what becomes of restored sessions that were read with another model
     */
    public SessionOperatorFactory(
            ServiceSource serviceSource,
            SessionLogic.Factory<S> logicFactory,
            TypeInformation<S> stateType,
            SessionSettings settings,
            ModelChange modelChange) {
        this.modelChange = modelChange;
        this.serviceSource = serviceSource;
        this.logicFactory = logicFactory;
        this.stateType = stateType;
        this.settings = settings;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // Flink asks for the operator that getStreamOperatorClass names
    public <T extends StreamOperator<Result>> T createStreamOperator(StreamOperatorParameters<Result> parameters) {
        return (T) new SessionOperator<>(parameters, this);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Flink declares it
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return SessionOperator.class;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operatorID) {
        return new CheckpointCoordination.Provider(operatorID);
    }

    ServiceSource serviceSource() {
        return serviceSource;
    }

    SessionLogic.Factory<S> logicFactory() {
        return logicFactory;
    }

    TypeInformation<S> stateType() {
        return stateType;
    }

    ModelChange modelChange() {
        return modelChange;
    }

    SessionSettings settings() {
        return settings;
    }
}
