package io.bytelm.service.grpc;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.grpc.proto.ReadVocabularyRequest;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.bytelm.service.grpc.proto.VocabularyPart;
import io.bytelm.vocab.Vocabulary;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens gRPC channels with a client's credentials. An endpoint that is frozen is noticed in some seconds. */
final class Channels {
    private static final long KEEP_ALIVE_SECONDS = 3;
    private static final long KEEP_ALIVE_ANSWER_SECONDS = 4;
    private static final long READ_VOCABULARY_WITHIN_SECONDS = 60;
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private final ConnectionFailures failures;
    private final ChannelCredentials credentials;
    private final @Nullable CallCredentials token;
    private final Map<ServiceAddress, TrieLmGrpc.TrieLmBlockingStub> blocking = new ConcurrentHashMap<>();

    record Opened(ManagedChannel channel, TrieLmGrpc.TrieLmStub stub) {}

    /** @throws IllegalArgumentException if a file cannot be used; the message names it */
    Channels(ClientSecurity security, ScheduledExecutorService timer) {
        GrpcLogging.hearOnlySevere();
        this.failures = new ConnectionFailures(security);
        this.credentials = new TlsFiles(timer).client(security);
        this.token = security.token() == null ? null : BearerToken.shown(new TokenFile(Path.of(security.token())));
    }

    Opened open(ServiceAddress address) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
                .directExecutor() // what it calls back hands over at once
                .disableRetry()
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
        TrieLmGrpc.TrieLmStub stub = TrieLmGrpc.newStub(channel);
        TrieLmGrpc.TrieLmBlockingStub blockingStub = TrieLmGrpc.newBlockingStub(channel);
        blocking.put(address, token == null ? blockingStub : blockingStub.withCallCredentials(token));
        return new Opened(channel, token == null ? stub : stub.withCallCredentials(token));
    }

    /** For what blocks its caller. */
    TrieLmGrpc.TrieLmBlockingStub blocking(ServiceAddress address) {
        TrieLmGrpc.TrieLmBlockingStub stub = blocking.get(address);
        if (stub == null) {
            throw new IllegalArgumentException("no channel to " + address + " is open");
        }
        return stub;
    }

    /** Why an endpoint cannot be used, in one line for people. */
    String explain(Status status) {
        return failures.explain(status);
    }

    /** @throws ServiceRefusedException if it cannot be read now, or is another one than was said */
    Vocabulary readVocabulary(ServiceAddress address, ModelIdentity said) {
        TrieLmGrpc.TrieLmBlockingStub stub = blocking(address);
        try {
            Iterator<VocabularyPart> parts = stub.withDeadlineAfter(READ_VOCABULARY_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .readVocabulary(ReadVocabularyRequest.getDefaultInstance());
            Vocabulary vocabulary = WireVocabulary.read(parts);
            requireAsSaid(vocabulary, said, address);
            return vocabulary;
        } catch (MalformedMessageException e) {
            throw ServiceRefusedException.unavailable(
                    "the trie/LM service at " + address + " answers with " + e.getMessage());
        } catch (StatusRuntimeException e) {
            throw ServiceRefusedException.unavailable("the vocabulary of the trie/LM service at " + address
                    + " cannot be read: " + explain(e.getStatus()));
        }
    }

    private static void requireAsSaid(Vocabulary vocabulary, ModelIdentity said, ServiceAddress address) {
        String here = HexFormat.of().toHexDigits(vocabulary.fingerprint());
        String there = said.items().getOrDefault("vocabulary", here);
        if (!here.equals(there)) {
            throw ServiceRefusedException.wrongModel("the trie/LM service at " + address + " sent a vocabulary with the"
                    + " fingerprint " + here + ", but says that it has " + there);
        }
    }
}
