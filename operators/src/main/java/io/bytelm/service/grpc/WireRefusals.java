package io.bytelm.service.grpc;

import io.bytelm.lm.ModelException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.grpc.proto.Refusal;
import org.jspecify.annotations.Nullable;

/** Why a call is not answered, as the client is told. */
final class WireRefusals {
    private WireRefusals() {}

    /** @param retryAfterMillis 0: at once, or it does not help */
    static Refusal of(Refusal.Reason reason, String message, int retryAfterMillis) {
        return Refusal.newBuilder()
                .setReason(reason)
                .setMessage(message)
                .setRetryAfterMillis(retryAfterMillis)
                .build();
    }

    /** What the service failed with; what is no failure of the request's own may go better elsewhere. */
    static Refusal of(@Nullable Throwable failure) {
        String message = failure == null ? "no answer" : String.valueOf(failure.getMessage());
        if (failure instanceof ServiceRefusedException refused) {
            return of(reason(refused), message, (int) Math.min(Integer.MAX_VALUE, refused.retryAfterMillis()));
        }
        boolean isForGood = failure instanceof ModelException;
        return of(isForGood ? Refusal.Reason.INVALID : Refusal.Reason.UNAVAILABLE, message, 0);
    }

    private static Refusal.Reason reason(ServiceRefusedException refused) {
        return switch (refused.reason()) {
            case EXHAUSTED -> Refusal.Reason.EXHAUSTED;
            case LATE -> Refusal.Reason.LATE;
            case UNAVAILABLE, WRONG_MODEL -> Refusal.Reason.UNAVAILABLE;
        };
    }
}
