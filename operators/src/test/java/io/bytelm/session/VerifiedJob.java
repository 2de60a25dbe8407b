package io.bytelm.session;

import io.bytelm.record.InputRecord;
import io.bytelm.service.TrieLmService;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateBackend;

/**
 * What an {@link OperatorVerifier} runs again and again.
 *
 * @param newLogic makes the logic of one subtask
 * @param oracle answers the requests, always alike
 * @param newBackend makes the state backend of one subtask
 */
record VerifiedJob<S>(
        List<InputRecord> input,
        Supplier<SessionLogic<S>> newLogic,
        TypeInformation<S> stateType,
        TrieLmService oracle,
        Supplier<StateBackend> newBackend) {}
