package io.bytelm.service.grpc;

import io.bytelm.service.grpc.proto.DescribeRequest;
import io.bytelm.service.grpc.proto.Description;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One question to a server for what it is, and its answer, which the loop is told. */
final class Describing implements StreamObserver<Description> {
    private static final long WITHIN_SECONDS = 4;

    private final Executor loop;
    private final Consumer<Description> whenThere;
    private final Consumer<Status> whenNot;
    private @Nullable Description said; // by gRPC's thread

    private Describing(Executor loop, Consumer<Description> whenThere, Consumer<Status> whenNot) {
        this.loop = loop;
        this.whenThere = whenThere;
        this.whenNot = whenNot;
    }

    /** One of the two is told, within some seconds. */
    static void ask(
            TrieLmGrpc.TrieLmStub stub,
            String clientName,
            Executor loop,
            Consumer<Description> whenThere,
            Consumer<Status> whenNot) {
        stub.withDeadlineAfter(WITHIN_SECONDS, TimeUnit.SECONDS)
                .describe(
                        DescribeRequest.newBuilder().setClient(clientName).build(),
                        new Describing(loop, whenThere, whenNot));
    }

    @Override
    public void onNext(Description description) {
        said = description;
    }

    @Override
    public void onError(Throwable error) {
        Status status = Status.fromThrowable(error);
        loop.execute(() -> whenNot.accept(status));
    }

    @Override
    public void onCompleted() {
        Description description = said;
        loop.execute(() -> {
            if (description == null) {
                whenNot.accept(Status.INTERNAL.withDescription("it does not describe itself"));
            } else {
                whenThere.accept(description);
            }
        });
    }
}
