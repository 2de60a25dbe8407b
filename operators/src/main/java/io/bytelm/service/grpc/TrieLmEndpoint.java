package io.bytelm.service.grpc;

import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.DescribeRequest;
import io.bytelm.service.grpc.proto.Description;
import io.bytelm.service.grpc.proto.ReadTokenizerRequest;
import io.bytelm.service.grpc.proto.ReadVocabularyRequest;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.bytelm.service.grpc.proto.VocabularyPart;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The methods of {@code bytelm.v1.TrieLm} over a service of this JVM. */
final class TrieLmEndpoint extends TrieLmGrpc.TrieLmImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(TrieLmEndpoint.class);

    private final TrieLmService service;
    private final Description description;
    private final List<VocabularyPart> vocabulary;
    private final ToldTokenizer tokenizer;
    private final StreamLimits limits;
    private final ServerCounters counters;
    private final AtomicLong clients = new AtomicLong();
    private final Set<ClientStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean isDraining;

    /** @param description what is said of it; the limits are those that hold */
    TrieLmEndpoint(TrieLmService service, Description description, StreamLimits limits, ServerCounters counters) {
        this.service = service;
        this.description = description;
        this.vocabulary = WireVocabulary.of(service.vocabulary());
        this.tokenizer = new ToldTokenizer(service);
        this.limits = limits;
        this.counters = counters;
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<Description> out) {
        if (isDraining) {
            out.onError(draining());
            return;
        }
        out.onNext(description);
        out.onCompleted();
    }

    private static RuntimeException draining() {
        return Status.UNAVAILABLE.withDescription("the service ends").asRuntimeException();
    }

    /** The parts are made already; they are written as the client takes them. */
    @Override
    public void readVocabulary(ReadVocabularyRequest request, StreamObserver<VocabularyPart> out) {
        new PartsToClient<>(out).write(vocabulary);
    }

    @Override
    public void readTokenizer(ReadTokenizerRequest request, StreamObserver<Sealed> out) {
        PartsToClient<Sealed> client = new PartsToClient<>(out);
        var unused = tokenizer.parts().whenComplete((parts, failure) -> {
            if (failure == null) {
                client.write(parts);
            } else {
                client.fail(Status.UNAVAILABLE
                        .withDescription("how its tokenizer writes texts could not be found out: " + failure)
                        .asRuntimeException());
            }
        });
    }

    @Override
    public StreamObserver<Sealed> expand(StreamObserver<Sealed> out) {
        ServerCallStreamObserver<Sealed> call = (ServerCallStreamObserver<Sealed>) out;
        ClientStream stream =
                new ClientStream(service, call, limits, clients.incrementAndGet(), counters, this::isOver);
        streams.add(stream);
        LOG.info("A client has come, {} are there", streams.size());
        counters.streamBegan();
        shareStates();
        if (isDraining) {
            stream.drain();
        }
        return stream;
    }

    private void isOver(ClientStream stream) {
        streams.remove(stream);
        LOG.info("A client has gone, {} are there", streams.size());
        shareStates();
    }

    /**
     * Clients that know nothing of each other would else drive out each other's states. One call at a time, so that what a
     * client is told last is what holds.
     */
    private synchronized void shareStates() {
        long keptTokens = service.keptTokens();
        List<ClientStream> sharing = List.copyOf(streams);
        if (keptTokens < Long.MAX_VALUE && !sharing.isEmpty()) {
            sharing.forEach(stream -> stream.share(Math.max(1, keptTokens / sharing.size())));
        }
    }

    /** Tells all clients to go elsewhere. Any thread. */
    void drain() {
        isDraining = true;
        streams.forEach(ClientStream::drain);
    }

    /** How many clients are there. */
    int streams() {
        return streams.size();
    }
}
