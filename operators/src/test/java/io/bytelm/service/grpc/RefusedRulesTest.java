package io.bytelm.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a client has no rules of canonical tokenizations, said with the endpoint; and what a bad server cannot do. */
@Timeout(60)
class RefusedRulesTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab");

    private static final int TOKENS = 1000;

    private final Servers servers = new Servers();

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    /** Tells the tokenizer as a test says. */
    private ServiceAddress serve(Consumer<StreamObserver<Sealed>> tells) throws IOException {
        return servers.closing(new TokenizerServer(servers.bundled(), tells)).address();
    }

    private static void send(List<Sealed> parts, StreamObserver<Sealed> out) {
        parts.forEach(out::onNext);
        out.onCompleted();
    }

    private static List<Sealed> parts(long fingerprint) {
        return WireTokenizer.of(CanonicalRulesReader.tokenizerJson(BundledModel.directory()), TOKENS, fingerprint);
    }

    @Test
    void theServersReasonTravels() throws IOException {
        RemoteTrieLmService remote = servers.connect(
                servers.serve(TOY, new PortableModel(TOY.size())).address());
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(remote::canonicalRules)
                    .isInstanceOf(NoCanonicalTokenizationsException.class)
                    .hasMessageContaining("127.0.0.1:")
                    .hasMessageContaining("this service does not know how its tokenizer writes a text");
        }
    }

    @Test
    void aServerOfAnEarlierVersionIsNamedAndAnotherOneIsAsked() throws IOException {
        OlderServer older = servers.closing(new OlderServer(servers.bundled(), 0, WireDescription.PROTOCOL));

        assertThatThrownBy(servers.connect(older.address())::canonicalRules)
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessageContaining(older.address().toString())
                .hasMessageContaining("earlier version")
                .hasMessageContaining("bytelm serve");
        EmbeddedTrieLmService newer = servers.bundled();
        assertThat(servers.connect(older.address(), servers.serve(newer))
                        .canonicalRules()
                        .fingerprint())
                .isEqualTo(newer.canonicalRules().fingerprint());
    }

    @Test
    void whatWasChangedOnTheWayIsRefusedAndAskedForAgain() throws IOException {
        AtomicBoolean changes = new AtomicBoolean(true);
        List<Sealed> parts = parts(servers.bundled().canonicalRules().fingerprint());
        ServiceAddress address = serve(out -> send(changes.get() ? changed(parts) : parts, out));
        RemoteTrieLmService remote = servers.connect(address);

        assertThatThrownBy(remote::canonicalRules)
                .isInstanceOf(ServiceRefusedException.class)
                .hasMessageContaining(address.toString())
                .hasMessageContaining("changed on the way");
        changes.set(false);
        assertThat(remote.canonicalRules()).isSameAs(remote.canonicalRules());
    }

    private static List<Sealed> changed(List<Sealed> parts) {
        byte[] body = parts.get(0).getBody().toByteArray();
        body[body.length / 2] ^= 1;
        return List.of(
                parts.get(0).toBuilder().setBody(ByteString.copyFrom(body)).build());
    }

    @Test
    void rulesThatThisProgramMakesOtherwiseAreRefusedByTheirFingerprints() throws IOException {
        RemoteTrieLmService remote = servers.connect(serve(out -> send(parts(0xABCDEFL), out)));

        assertThatThrownBy(remote::canonicalRules)
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessageContaining("0000000000abcdef")
                .hasMessageContaining("the same version of bytelm on both sides");
    }

    static Stream<Arguments> patterns() {
        return Stream.of(
                Arguments.of("repetitions of repetitions", "(?:".repeat(9) + "a" + "{999})".repeat(9)),
                Arguments.of("more than 4096 characters", "(?:".repeat(50_000) + "a" + ")".repeat(50_000)),
                Arguments.of("character 0", "(?<=a)b"));
    }

    /** Also one that would grow without end in the reader's hands. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("patterns")
    void aTokenizerThatThisProgramDoesNotFollowIsRefusedWithTheReason(String reason, String pattern)
            throws IOException {
        byte[] json = ("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []},"
                        + " \"decoder\": {\"type\": \"ByteLevel\"}, \"pre_tokenizer\": {\"type\": \"Split\","
                        + " \"behavior\": \"Isolated\", \"pattern\": {\"Regex\": \"" + pattern + "\"}}}")
                .getBytes(UTF_8);
        RemoteTrieLmService remote = servers.connect(serve(out -> send(WireTokenizer.of(json, TOKENS, 0), out)));

        assertThatThrownBy(remote::canonicalRules)
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(reason);
    }

    /** Its call ends with the refusal, so that nothing more comes. */
    @Test
    void aServerThatNeverEndsIsLeft() throws IOException {
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        ServiceAddress address = serve(out -> {
            ((ServerCallStreamObserver<Sealed>) out).setOnCancelHandler(() -> left.complete(true));
            out.onNext(parts(1).get(0).toBuilder().setCrc32C(0).build());
        });
        RemoteTrieLmService remote = servers.connect(address);

        assertThatThrownBy(remote::canonicalRules).isInstanceOf(ServiceRefusedException.class);
        assertThat(left).succeedsWithin(Duration.ofSeconds(20));
    }
}
