package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.List;

/** The requests of one step of a session, and how many attempts were made at them. Confined to the task thread. */
final class ServiceCall {
    /** Takes the outcome on the task thread, once. */
    interface Caller {
        /**
         * All requests are answered.
         *
         * @param answers one a request, in the requests' order
         */
        void onAnswers(List<Expansion> answers) throws Exception;

        /**
         * No further attempt is made.
         *
         * @param message what the service did, in one line
         * @param cause of the last failure
         */
        void onFailure(String message, Throwable cause) throws Exception;
    }

    private final List<ExpandRequest> requests;
    private final long session;
    private final Caller caller;
    private int attemptsMade;

    /** @param session {@link SessionKey#number} */
    ServiceCall(List<ExpandRequest> requests, long session, Caller caller) {
        this.requests = requests;
        this.session = session;
        this.caller = caller;
    }

    List<ExpandRequest> requests() {
        return requests;
    }

    long session() {
        return session;
    }

    Caller caller() {
        return caller;
    }

    int attemptsMade() {
        return attemptsMade;
    }

    void countAttempt() {
        attemptsMade++;
    }

    /** The service had no room for it: that was none. */
    void uncountAttempt() {
        attemptsMade--;
    }
}
