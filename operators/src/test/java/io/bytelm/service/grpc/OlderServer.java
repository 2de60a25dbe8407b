package io.bytelm.service.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.Context;
import io.bytelm.service.grpc.proto.Description;
import io.bytelm.service.grpc.proto.ExpandCall;
import io.bytelm.service.grpc.proto.ExpandCalls;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server from before everything that the protocol calls missing was added to it: it describes its model and nothing else,
 * knows no handles, sessions, patience or cancelled calls, and refuses for no reason that it could name.
 */
public final class OlderServer implements AutoCloseable {
    private final AtomicLong calls = new AtomicLong();
    private final Server server;

    /** @param protocol what it says it speaks */
    public OlderServer(TrieLmService service, int port, int protocol) throws IOException {
        Description whole = WireDescription.of(service, new ServerName("older", "portable"), StreamLimits.DEFAULT);
        Description said = Description.newBuilder()
                .setProtocol(protocol)
                .putAllIdentity(whole.getIdentityMap())
                .setVocabularySize(whole.getVocabularySize())
                .build();
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(new TrieLmEndpoint(service, said, StreamLimits.DEFAULT, new ServerCounters()))
                .intercept(new OlderFields())
                .build()
                .start();
    }

    public ServiceAddress address() {
        return new ServiceAddress("127.0.0.1", server.getPort());
    }

    /** How many calls it was sent. */
    public long calls() {
        return calls.get();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    /** What it reads of a client's messages. */
    private final class OlderFields implements ServerInterceptor {
        @Override
        public <Q, P> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
            if (call.getMethodDescriptor().equals(TrieLmGrpc.getReadTokenizerMethod())) {
                call.close(Status.UNIMPLEMENTED.withDescription("Method not found"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            ServerCall.Listener<Q> listener = next.startCall(new SimpleForwardingServerCall<>(call) {}, headers);
            boolean isExpand = call.getMethodDescriptor().equals(TrieLmGrpc.getExpandMethod());
            return !isExpand
                    ? listener
                    : new SimpleForwardingServerCallListener<>(listener) {
                        @Override
                        @SuppressWarnings("unchecked") // the one method whose requests are sealed
                        public void onMessage(Q message) {
                            super.onMessage((Q) understood((Sealed) message));
                        }
                    };
        }

        private Sealed understood(Sealed message) {
            try {
                ExpandCalls.Builder known = ExpandCalls.newBuilder();
                for (ExpandCall call : ExpandCalls.parseFrom(message.getBody()).getCallsList()) {
                    known.addCalls(understood(call));
                }
                calls.addAndGet(known.getCallsCount());
                return Seal.close(known.build());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        private ExpandCall understood(ExpandCall call) {
            Context context = call.getContext();
            if (context.getParent() != 0) {
                throw new AssertionError("a client calls a context by a handle that this server never took");
            }
            return call.toBuilder()
                    .setContext(context.toBuilder().clearHandle())
                    .clearSession()
                    .clearPatienceMillis()
                    .build();
        }
    }
}
