package io.bytelm.session;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that the sessions of a snapshot were read with, beside them in the snapshot. It is broadcast state, which every
 * subtask has whole at any parallelism; union list state would let no checkpoint complete once a subtask has come to the
 * end of bounded input.
 */
final class SessionsModel {
    /** The name of the state in a savepoint. */
    static final String NAME = "model";

    private static final Logger LOG = LoggerFactory.getLogger(SessionsModel.class);

    private final BroadcastState<String, String> state;

    SessionsModel(OperatorStateStore states) throws Exception {
        this.state = states.getBroadcastState(new MapStateDescriptor<>(NAME, Types.STRING, Types.STRING));
    }

    /** Of the sessions as they were restored; says nothing of fresh ones, and of those of versions that did not write it. */
    ModelIdentity restored() throws Exception {
        SortedMap<String, String> items = new TreeMap<>();
        for (Map.Entry<String, String> item : state.entries()) {
            items.put(item.getKey(), item.getValue());
        }
        return new ModelIdentity(items);
    }

    /**
     * From here on the sessions are read with this model.
     *
     * @return whether those that were restored were read with another one, and have to begin anew
     * @throws SuppressRestartsException if they were, and that is not allowed; another attempt would find the same
     */
    boolean becomes(ModelIdentity model, ModelChange change) throws Exception {
        ModelIdentity restored = restored();
        List<String> differences = restored.differences(model);
        if (!differences.isEmpty() && change == ModelChange.REFUSED) {
            throw new SuppressRestartsException(
                    new ModelException("the sessions of this savepoint or checkpoint were read"
                            + " with " + restored.described(differences) + ", but this job has "
                            + model.described(differences)
                            + ": resume them with the model and settings they were begun with, or begin all sessions anew with"
                            + " --allow-model-change"));
        }
        state.clear();
        state.putAll(model.items());
        return !differences.isEmpty();
    }

    /** Tells the operator what a restore found; once a job, so that it is said by one subtask. */
    static void logRestored(ModelIdentity restored, boolean anew) {
        if (restored.items().isEmpty()) {
            LOG.info(
                    "The restored state does not say with which model its sessions were read: a version wrote it that did"
                            + " not keep that. The next snapshot says it.");
        } else if (anew) {
            LOG.warn("The restored sessions were read with another model or other settings: all of them begin anew.");
        }
    }
}
