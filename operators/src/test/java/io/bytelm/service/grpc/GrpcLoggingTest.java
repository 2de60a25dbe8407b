package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.PortableModel;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** gRPC itself says nothing of what is said here in a line. */
class GrpcLoggingTest {
    private static final Vocabulary TOY = ToyVocabulary.of("<s>", "a", "b");

    private final Servers servers = new Servers();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord message) {
            heard.add(message.getLevel() + " " + message.getLoggerName() + " " + message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(ear);
    }

    @AfterEach
    void close() throws Exception {
        Logger.getLogger("").removeHandler(ear);
        servers.close();
    }

    @Test
    void ofAMachineThatIsNotThere() {
        assertThatThrownBy(() -> servers.connect(new ServiceAddress("no-such-host.invalid", 1)))
                .isInstanceOf(ServiceRefusedException.class)
                .hasMessageContaining("no machine of that name is known");
        assertThat(heard).isEmpty();
    }

    @Test
    void ofAConnectionThatSpeaksSomethingElse() throws Exception {
        TrieLmServer server = servers.serve(TOY, new PortableModel(TOY.size()));
        try (Socket browser = new Socket("127.0.0.1", server.address().port())) {
            browser.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (browser.getInputStream().read() >= 0) {} // until the server has hung up
        }
        assertThat(heard).isEmpty();
    }
}
