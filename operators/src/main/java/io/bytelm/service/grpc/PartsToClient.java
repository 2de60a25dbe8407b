package io.bytelm.service.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages that many clients are sent, written to one of them as it takes them: nothing is copied or piles up. Any thread. */
final class PartsToClient<P> {
    private final ServerCallStreamObserver<P> call;
    private @Nullable Iterator<P> parts;

    /** To be made within the call's own method. */
    PartsToClient(StreamObserver<P> out) {
        this.call = (ServerCallStreamObserver<P>) out;
        call.setOnReadyHandler(this::writeOn);
        call.setOnCancelHandler(() -> {}); // what is written to a client that has gone is lost, and no failure
    }

    /** @param all at least one */
    synchronized void write(List<P> all) {
        parts = all.iterator();
        writeOn();
    }

    private synchronized void writeOn() {
        while (parts != null && parts.hasNext() && call.isReady()) {
            call.onNext(parts.next());
            if (!parts.hasNext()) {
                call.onCompleted();
            }
        }
    }

    synchronized void fail(RuntimeException status) {
        if (!call.isCancelled()) {
            call.onError(status);
        }
    }
}
