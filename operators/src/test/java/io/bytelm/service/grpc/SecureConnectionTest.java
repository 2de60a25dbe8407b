package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.ServiceSettings;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may connect, and what a line says to those who may not or who came to the wrong place. */
@Timeout(60)
class SecureConnectionTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "ab", "abc", "b", "ab", "");

    @TempDir
    static Path directory;

    private static Certificates server;
    private static Certificates client;
    private static Certificates elsewhere;

    private final Servers servers = new Servers();

    @BeforeAll
    static void makeCertificates() throws Exception {
        server = Certificates.in(directory, "server", "ip:127.0.0.1");
        client = Certificates.in(directory, "client", "dns:client");
        elsewhere = Certificates.in(directory, "elsewhere", "dns:elsewhere.example");
    }

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    @Test
    void tlsCertificatesOfBothSidesAndATokenLetAClientIn() throws Exception {
        Path token = token("right", "s3cret");
        ServiceAddress address =
                serve(new ServerSecurity(server.certificate(), server.key(), client.certificate(), token));
        assertAnswers(servers.connect(
                new ClientSecurity(
                        true, text(server.certificate()), text(client.certificate()), text(client.key()), text(token)),
                address));
    }

    @Test
    void aCertificateThatIsNotTrustedIsRefused() throws Exception {
        ServiceAddress address = serve(new ServerSecurity(server.certificate(), server.key(), null, null));

        assertRefused(tls(elsewhere.certificate()), address, "not signed by one of those in");
        assertRefused(tls(null), address, "not signed by anybody whom Java trusts");
        assertRefused(ClientSecurity.NONE, address, "or wants TLS (--service-ca)");
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        ServiceAddress address = serve(new ServerSecurity(elsewhere.certificate(), elsewhere.key(), null, null));

        assertRefused(tls(elsewhere.certificate()), address, "its certificate is for another name");
    }

    @Test
    void aClientWithoutTheCertificateThatIsWantedIsRefused() throws Exception {
        ServiceAddress address =
                serve(new ServerSecurity(server.certificate(), server.key(), client.certificate(), null));

        assertRefused(tls(server.certificate()), address, "it wants a certificate of its clients, and none is given");
        assertRefused(
                new ClientSecurity(
                        true, text(server.certificate()), text(elsewhere.certificate()), text(elsewhere.key()), null),
                address,
                "it does not trust the certificate");
    }

    @Test
    void aServiceWithoutTlsIsNotTakenForOneWithIt() throws Exception {
        assertRefused(tls(server.certificate()), serve(ServerSecurity.NONE), "it does not speak TLS");
    }

    @Test
    void aTokenIsWantedAndTheRightOne() throws Exception {
        ServiceAddress address = serve(new ServerSecurity(null, null, null, token("right", "s3cret")));

        assertAnswers(
                servers.connect(new ClientSecurity(false, null, null, null, text(token("same", "s3cret"))), address));
        assertRefused(ClientSecurity.NONE, address, "it wants a token, and none is given");
        assertRefused(
                new ClientSecurity(false, null, null, null, text(token("wrong", "guess"))),
                address,
                "it does not know the token in");
    }

    @Test
    void aTokenGoesToOtherMachinesOverTlsOnly() {
        ServiceAddress other = new ServiceAddress("192.0.2.1", 9095);
        ClientSecurity open = new ClientSecurity(false, null, null, null, "token");

        assertThatThrownBy(() -> new RemoteSettings(List.of(other), open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("over TLS only");
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> serve(new ServerSecurity(missing, server.key(), null, null)))
                .hasMessage("cannot read the certificate: " + missing);
        assertThatThrownBy(() -> serve(new ServerSecurity(server.key(), server.certificate(), null, null)))
                .hasMessageContaining("cannot use the certificate " + server.key())
                .hasMessageContaining("PEM");
        assertThatThrownBy(() -> serve(new ServerSecurity(null, null, null, missing)))
                .hasMessage("there is no token file " + missing);
        assertThatThrownBy(() -> serve(new ServerSecurity(null, null, null, token("empty", "\n"))))
                .hasMessageContaining("must be one line of 1 to 4096 printable ASCII characters");
    }

    @Test
    void whatIsNoServiceIsSaidToBeNone() throws Exception {
        int unused;
        try (ServerSocket free = new ServerSocket(0)) {
            unused = free.getLocalPort();
        }
        assertRefused(ClientSecurity.NONE, new ServiceAddress("127.0.0.1", unused), "nothing listens there");
        assertRefused(
                ClientSecurity.NONE, new ServiceAddress("no-such-host.invalid", 1), "no machine of that name is known");
        assertRefused(
                ClientSecurity.NONE,
                talker("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
                "something listens there that is no trie/LM service");
        assertRefused(ClientSecurity.NONE, talker(""), "something listens there and does not answer");
    }

    /** Accepts connections, says one thing and listens. */
    private ServiceAddress talker(String line) throws IOException {
        ServerSocket socket = servers.closing(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Socket client = socket.accept();
                    OutputStream out = client.getOutputStream();
                    out.write(line.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    out.flush();
                }
            } catch (IOException e) {
                // the test has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new ServiceAddress("127.0.0.1", socket.getLocalPort());
    }

    private ServiceAddress serve(ServerSecurity security) throws IOException {
        return servers.serve(
                        servers.embedded(TOY, new PortableModel(TOY.size()), ServiceSettings.defaults()), 0, security)
                .address();
    }

    private void assertRefused(ClientSecurity security, ServiceAddress address, String why) {
        assertThatThrownBy(() -> servers.connect(security, address))
                .isInstanceOf(ServiceRefusedException.class)
                .hasMessageContaining("no trie/LM service is there: " + address)
                .hasMessageContaining(why);
    }

    private static void assertAnswers(RemoteTrieLmService service) throws Exception {
        ExpandRequest request = new ExpandRequest(TokenContext.of(0), new byte[] {'a'}, new int[0], 0);
        assertThat(service.expand(request).get().depth()).isEqualTo(1);
    }

    private static ClientSecurity tls(@Nullable Path authority) {
        return new ClientSecurity(true, authority == null ? null : text(authority), null, null, null);
    }

    private static Path token(String name, String token) throws IOException {
        return Files.writeString(directory.resolve(name + ".token"), token + "\n");
    }

    private static String text(Path path) {
        return path.toString();
    }
}
