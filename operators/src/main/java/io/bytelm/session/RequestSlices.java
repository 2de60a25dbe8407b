package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the many requests of one step in slices: the next one goes out when the one before is answered, behind what other
 * sessions have asked meanwhile. So a session with many particles or a wide beam takes its turn as often as the others,
 * and not all at once. Each slice is a call of its own, with its own attempts. Confined to the task thread.
 */
final class RequestSlices implements ServiceCall.Caller {
    /** Half of a usual batch of the model: one such session alone fills most of one, and leaves room for the others. */
    static final int SLICE = 64;

    private final ServiceCalls calls;
    private final List<ExpandRequest> requests;
    private final long session;
    private final ServiceCall.Caller caller;
    private final List<Expansion> answers = new ArrayList<>();

    private RequestSlices(ServiceCalls calls, List<ExpandRequest> requests, long session, ServiceCall.Caller caller) {
        this.calls = calls;
        this.requests = requests;
        this.session = session;
        this.caller = caller;
    }

    /** As {@link ServiceCalls#start}. */
    static void start(ServiceCalls calls, List<ExpandRequest> requests, long session, ServiceCall.Caller caller) {
        if (requests.size() <= SLICE) {
            calls.start(requests, session, caller);
        } else {
            new RequestSlices(calls, requests, session, caller).startNext();
        }
    }

    @Override
    public void onAnswers(List<Expansion> ofSlice) throws Exception {
        answers.addAll(ofSlice);
        if (answers.size() == requests.size()) {
            caller.onAnswers(List.copyOf(answers));
        } else {
            startNext();
        }
    }

    @Override
    public void onFailure(String message, Throwable cause) throws Exception {
        caller.onFailure(message, cause);
    }

    private void startNext() {
        int from = answers.size();
        calls.start(requests.subList(from, Math.min(from + SLICE, requests.size())), session, this);
    }
}
