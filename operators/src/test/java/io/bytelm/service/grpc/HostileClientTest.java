package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.grpc.proto.Context;
import io.bytelm.service.grpc.proto.ExpandCall;
import io.bytelm.service.grpc.proto.ExpandCalls;
import io.bytelm.service.grpc.proto.ExpandReplies;
import io.bytelm.service.grpc.proto.ExpandReply;
import io.bytelm.service.grpc.proto.Refusal;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.service.grpc.proto.TrieLmGrpc;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no request gets a refusal or a status with a message, and another client notices nothing. */
@Timeout(120)
class HostileClientTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");

    private final Servers servers = new Servers();
    private ManagedChannel channel;
    private RemoteTrieLmService honest;

    /** One hostile stream and what came of it. */
    private final class Hostile implements StreamObserver<Sealed> {
        final BlockingQueue<ExpandReply> replies = new LinkedBlockingQueue<>();
        final BlockingQueue<Status> end = new LinkedBlockingQueue<>();
        final StreamObserver<Sealed> out = TrieLmGrpc.newStub(channel).expand(this);

        void send(ExpandCall... calls) {
            out.onNext(Seal.close(
                    ExpandCalls.newBuilder().addAllCalls(List.of(calls)).build()));
        }

        @Override
        public void onNext(Sealed message) {
            try {
                replies.addAll(ExpandReplies.parseFrom(message.getBody()).getRepliesList());
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.add(Status.OK);
        }
    }

    @BeforeEach
    void serve() throws Exception {
        TrieLmServer server = servers.serve(TOY, new PortableModel(TOY.size()));
        honest = servers.connect(server.address());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.address().port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() throws Exception {
        assertThat(honest.expand(new ExpandRequest(TokenContext.of(0, 1), new byte[] {'a'}, new int[0], 0))
                        .get(20, TimeUnit.SECONDS)
                        .depth())
                .as("an honest client is answered")
                .isEqualTo(1);
        assertThat(honest.connections().moved()).as("its stream was not cut").isZero();
        channel.shutdownNow();
        servers.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                call("an unknown handle", context().setParent(77), Refusal.Reason.UNKNOWN_CONTEXT, "handle"),
                call("a token that is none", context().addTokens(7), Refusal.Reason.INVALID, "token 7 is not an id"),
                call("a negative token", context().addTokens(-1), Refusal.Reason.INVALID, "token 4294967295"),
                call("no token", context(), Refusal.Reason.INVALID, "a context without tokens"),
                call(
                        "too many older tokens",
                        context().addTokens(0).setOlderTokens(-5),
                        Refusal.Reason.INVALID,
                        "older tokens"),
                Arguments.of(
                        "a long path",
                        ExpandCall.newBuilder()
                                .setContext(context().addTokens(0))
                                .setPath(ByteString.copyFrom(new byte[1 << 20])),
                        Refusal.Reason.INVALID,
                        "a path of 1048576 bytes"),
                Arguments.of(
                        "EOS tokens in disorder",
                        ExpandCall.newBuilder()
                                .setContext(context().addTokens(0))
                                .addEosTokens(3)
                                .addEosTokens(1),
                        Refusal.Reason.INVALID,
                        "do not ascend"),
                Arguments.of(
                        "an EOS token that is none",
                        ExpandCall.newBuilder()
                                .setContext(context().addTokens(0))
                                .addEosTokens(99),
                        Refusal.Reason.INVALID,
                        "99"));
    }

    private static Context.Builder context() {
        return Context.newBuilder();
    }

    private static Arguments call(String name, Context.Builder context, Refusal.Reason reason, String message) {
        return Arguments.of(name, ExpandCall.newBuilder().setContext(context), reason, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void aCallThatIsNoneIsRefusedAndTheStreamGoesOn(
            String name, ExpandCall.Builder call, Refusal.Reason reason, String message) throws Exception {
        Hostile hostile = new Hostile();
        hostile.send(call.setId(5).build());

        ExpandReply refused = hostile.replies.poll(20, TimeUnit.SECONDS);
        assertThat(refused.getId()).isEqualTo(5);
        assertThat(refused.getRefusal().getReason()).isEqualTo(reason);
        assertThat(refused.getRefusal().getMessage()).contains(message);

        hostile.send(ExpandCall.newBuilder()
                .setId(6)
                .setContext(context().addTokens(0))
                .build());
        assertThat(hostile.replies.poll(20, TimeUnit.SECONDS).hasMasses()).isTrue();
        hostile.out.onCompleted();
        assertThat(hostile.end.poll(20, TimeUnit.SECONDS).isOk()).isTrue();
    }

    @Test
    void aMessageThatWasChangedOrIsNoneEndsItsStream() throws Exception {
        Hostile changed = new Hostile();
        changed.out.onNext(Sealed.newBuilder()
                .setBody(ByteString.copyFromUtf8("x"))
                .setCrc32C(1)
                .build());
        assertThat(changed.end.poll(20, TimeUnit.SECONDS).getDescription()).contains("checksum");

        Hostile twice = new Hostile();
        ExpandCall call = ExpandCall.newBuilder()
                .setId(1)
                .setContext(context().addTokens(0).addTokens(1))
                .build();
        twice.send(call, call);
        // the first may be answered before the second comes
        assertThat(twice.end.poll(2, TimeUnit.SECONDS) != null || twice.replies.size() == 2)
                .isTrue();
    }

    @Test
    void aMessageOfAHundredMegabytesEndsItsStream() throws Exception {
        Hostile hostile = new Hostile();
        hostile.send(ExpandCall.newBuilder()
                .setContext(context().addTokens(0))
                .setPath(ByteString.copyFrom(new byte[100 << 20]))
                .build());

        assertThat(hostile.end.poll(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void aMillionContextsAreAnsweredOrRefusedAndTakeNoMoreThanTheirRoom() throws Exception {
        Hostile hostile = new Hostile();
        for (int batch = 0; batch < 100; batch++) {
            ExpandCalls.Builder calls = ExpandCalls.newBuilder();
            for (int i = 0; i < 10_000; i++) {
                long id = batch * 10_000L + i + 1;
                calls.addCalls(ExpandCall.newBuilder()
                        .setId(id)
                        .setContext(
                                Context.newBuilder().setHandle(id).addTokens(0).addTokens(i % 7)));
            }
            hostile.out.onNext(Seal.close(calls.build()));
            if (batch % 10 == 9) {
                for (int i = 0; i < 100_000; i++) {
                    assertThat(hostile.replies.poll(60, TimeUnit.SECONDS)).isNotNull();
                }
            }
        }
        hostile.out.onCompleted();
        assertThat(hostile.end.poll(20, TimeUnit.SECONDS).isOk()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadIsNotReadFrom() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(1);
        Context context = Context.newBuilder().addTokens(0).addTokens(99).build(); // refused at once
        ClientResponseObserver<Sealed, Sealed> deaf = new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<Sealed> out) {
                out.disableAutoRequestWithInitial(0);
                out.setOnReadyHandler(() -> {
                    while (out.isReady() && asked.get() < 2_000_000) {
                        ExpandCalls.Builder calls = ExpandCalls.newBuilder();
                        for (int i = 0; i < 1000; i++) {
                            calls.addCalls(ExpandCall.newBuilder()
                                    .setId(asked.incrementAndGet())
                                    .setContext(context));
                        }
                        out.onNext(Seal.close(calls.build()));
                    }
                    full.countDown();
                });
            }

            @Override
            public void onNext(Sealed message) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
        TrieLmGrpc.newStub(channel).expand(deaf);
        assertThat(full.await(30, TimeUnit.SECONDS)).isTrue();
        TimeUnit.SECONDS.sleep(1);

        assertThat(asked.get()).as("calls that it could write").isLessThan(200_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void randomMessagesGetAnAnswerOrAStatus(long seed) throws Exception {
        Random random = new Random(seed);
        for (int stream = 0; stream < 20; stream++) {
            Hostile hostile = new Hostile();
            int sent = 0;
            for (int message = 0; message < 20; message++) {
                ExpandCall[] calls = IntStream.range(0, random.nextInt(5))
                        .mapToObj(i -> randomCall(random))
                        .toArray(ExpandCall[]::new);
                sent += calls.length;
                hostile.out.onNext(
                        random.nextInt(40) == 0
                                ? garbage(random)
                                : Seal.close(ExpandCalls.newBuilder()
                                        .addAllCalls(List.of(calls))
                                        .addCancelled(random.nextInt(1000))
                                        .build()));
            }
            hostile.out.onCompleted();
            assertThat(hostile.end.poll(20, TimeUnit.SECONDS))
                    .as("seed %d", seed)
                    .isNotNull();
            assertThat(hostile.replies.size()).isLessThanOrEqualTo(sent);
        }
    }

    private static Sealed garbage(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        ByteString body = ByteString.copyFrom(bytes);
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(bytes);
        return Sealed.newBuilder()
                .setBody(body)
                .setCrc32C(random.nextBoolean() ? (int) checksum.getValue() : random.nextInt())
                .build();
    }

    private static ExpandCall randomCall(Random random) {
        Context.Builder context = Context.newBuilder()
                .setHandle(random.nextInt(20))
                .setParent(random.nextInt(20))
                .setOlderTokens(random.nextInt(4) == 0 ? random.nextInt() : 0)
                .setOlderHash(random.nextInt());
        for (int i = random.nextInt(5); i > 0; i--) {
            context.addTokens(random.nextInt(9) - 1);
        }
        byte[] path = new byte[random.nextInt(6)];
        random.nextBytes(path);
        ExpandCall.Builder call = ExpandCall.newBuilder()
                .setId(random.nextInt(1 << 20))
                .setContext(context)
                .setPath(ByteString.copyFrom(path))
                .setPatienceMillis(random.nextInt(3) == 0 ? random.nextInt() : 0)
                .setSession(random.nextLong());
        if (random.nextBoolean()) {
            call.setRowsFrom(random.nextInt());
        }
        return call.build();
    }
}
