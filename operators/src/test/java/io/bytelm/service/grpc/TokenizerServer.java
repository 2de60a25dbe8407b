package io.bytelm.service.grpc;

import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.DescribeRequest;
import io.bytelm.service.grpc.proto.Description;
import io.bytelm.service.grpc.proto.ReadTokenizerRequest;
import io.bytelm.service.grpc.proto.ReadVocabularyRequest;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.bytelm.service.grpc.proto.VocabularyPart;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A server that tells of its tokenizer what a test says, and all else as it is. */
final class TokenizerServer implements AutoCloseable {
    private final Server server;

    /** @param tells answers one client */
    TokenizerServer(TrieLmService service, Consumer<StreamObserver<Sealed>> tells) throws IOException {
        TrieLmEndpoint honest = new TrieLmEndpoint(
                service,
                WireDescription.of(service, new ServerName("test", "tokenizer"), StreamLimits.DEFAULT),
                StreamLimits.DEFAULT,
                new ServerCounters());
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new Told(honest, tells))
                .build()
                .start();
    }

    private static final class Told extends TrieLmGrpc.TrieLmImplBase {
        private final TrieLmEndpoint honest;
        private final Consumer<StreamObserver<Sealed>> tells;

        Told(TrieLmEndpoint honest, Consumer<StreamObserver<Sealed>> tells) {
            this.honest = honest;
            this.tells = tells;
        }

        @Override
        public void describe(DescribeRequest request, StreamObserver<Description> out) {
            honest.describe(request, out);
        }

        @Override
        public void readVocabulary(ReadVocabularyRequest request, StreamObserver<VocabularyPart> out) {
            honest.readVocabulary(request, out);
        }

        @Override
        public void readTokenizer(ReadTokenizerRequest request, StreamObserver<Sealed> out) {
            tells.accept(out);
        }

        @Override
        public StreamObserver<Sealed> expand(StreamObserver<Sealed> out) {
            return honest.expand(out);
        }
    }

    ServiceAddress address() {
        return new ServiceAddress("127.0.0.1", server.getPort());
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }
}
