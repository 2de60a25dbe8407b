package io.bytelm.service.grpc;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.ReorderedModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TokenizerRules;
import io.bytelm.service.TrieLmService;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Servers and clients of one test, on ports of this machine that nobody else has; closed in the reverse order. */
public final class Servers implements AutoCloseable {
    static final ServerSecurity OPEN = ServerSecurity.NONE;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    public TrieLmServer serve(Vocabulary vocabulary, LanguageModel model) throws IOException {
        return serve(vocabulary, model, ServiceSettings.defaults());
    }

    TrieLmServer serve(Vocabulary vocabulary, LanguageModel model, ServiceSettings settings) throws IOException {
        return serve(embedded(vocabulary, model, settings), 0, OPEN);
    }

    TrieLmServer serve(TrieLmService service, int port, ServerSecurity security) throws IOException {
        ServerSettings settings =
                new ServerSettings(new ServiceAddress("127.0.0.1", port), security, true, false, Duration.ofSeconds(5));
        TrieLmServer server = TrieLmServer.start(service, new ServerName("test", "portable"), settings);
        opened.push(server);
        return server;
    }

    /** Serves it to whoever comes. */
    ServiceAddress serve(TrieLmService service) throws IOException {
        return serve(service, 0, OPEN).address();
    }

    /** A service of this JVM, whose model has its columns by token id. */
    TrieLmService embedded(Vocabulary vocabulary, LanguageModel model, ServiceSettings settings) {
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        TrieLmService service =
                new EmbeddedTrieLmService(trie, new ReorderedModel(model, trie.columnOrder()), settings);
        opened.push(service);
        return service;
    }

    /** A service of this JVM that has the bundled tokenizer, its vocabulary, and a model without weights. */
    EmbeddedTrieLmService bundled() {
        Vocabulary vocabulary = VocabularyReader.fromModelDirectory(BundledModel.directory());
        return closing(EmbeddedTrieLmService.open(
                vocabulary,
                order -> new ReorderedModel(new PortableModel(vocabulary.size()), order),
                new CompletableFuture<>(),
                TokenizerRules.ofModelDirectory(BundledModel.directory(), vocabulary),
                ServiceSettings.defaults().withoutSpeculation()));
    }

    public RemoteTrieLmService connect(ServiceAddress... addresses) {
        return connect(ClientSecurity.NONE, addresses);
    }

    RemoteTrieLmService connect(ClientSecurity security, ServiceAddress... addresses) {
        RemoteTrieLmService client =
                RemoteTrieLmService.open(new RemoteSettings(List.copyOf(Arrays.asList(addresses)), security), "test");
        opened.push(client);
        return client;
    }

    <T extends AutoCloseable> T closing(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
