package io.bytelm.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.KnownText;
import io.bytelm.canonical.KnownTextSum;
import io.bytelm.lm.canonical.CanonicalEncoding;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Canonical tokenizations through a service: its rules, and the values that they lead to. */
@Timeout(60)
class RemoteRulesTest {
    private static final int[] NO_EOS = {};
    private static final List<String> TEXTS = List.of(
            "It was a dark and stormy night; the rain fell in torrents.",
            "\u00c9t\u00e9 in 1887,  a study in 123 scarlets...\u2019",
            "  Holmes's \u4e2d tobacco \ud83d\ude00!!");

    private final Servers servers = new Servers();

    @AfterEach
    void close() throws Exception {
        servers.close();
    }

    @Test
    void theRulesAreThoseOfTheServicesModel() throws IOException {
        EmbeddedTrieLmService embedded = servers.bundled();
        CanonicalRules own = embedded.canonicalRules();
        RemoteTrieLmService remote = servers.connect(servers.serve(embedded));
        CanonicalRules told = remote.canonicalRules();

        assertThat(told.fingerprint()).isEqualTo(own.fingerprint());
        for (String text : TEXTS) {
            assertThat(CanonicalEncoding.of(told, text.getBytes(UTF_8)))
                    .isEqualTo(CanonicalEncoding.of(own, text.getBytes(UTF_8)))
                    .isNotEmpty();
        }
        assertThat(remote.canonicalRules()).isSameAs(told);
        remote.close();
        assertThatThrownBy(remote::canonicalRules).isInstanceOf(ServiceClosedException.class);
    }

    @Test
    void documentsAndSessionsHaveTheValuesOfTheEmbeddedModel() throws IOException {
        EmbeddedTrieLmService embedded = servers.bundled();
        RemoteTrieLmService remote = servers.connect(servers.serve(embedded));
        for (String text : TEXTS) {
            assertThat(document(remote, text)).isCloseTo(document(embedded, text), within(1e-6));
            Certified here = session(embedded, text);
            Certified there = session(remote, text);
            assertThat(there.logLower()).isCloseTo(here.logLower(), within(1e-6));
            assertThat(there.logUpper()).isCloseTo(here.logUpper(), within(1e-6));
        }
    }

    private static double document(TrieLmService service, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        KnownText known = KnownText.follow(service.canonicalRules(), bytes, service.contextTokens(), bytes.length);
        return new KnownTextSum(known, NO_EOS, 0, 64).logProbs().run(requests -> answers(service, requests))[0];
    }

    private static Certified session(TrieLmService service, String text) {
        return CanonicalTree.initial(service.canonicalRules(), new CanonicalParams(0.05, NO_EOS), EosMode.WITH_EOS)
                .read(text.getBytes(UTF_8))
                .run(requests -> answers(service, requests))
                .logProb();
    }

    private static List<Expansion> answers(TrieLmService service, List<ExpandRequest> requests) {
        List<CompletableFuture<Expansion>> asked =
                requests.stream().map(service::expand).toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** Counts how often its tokenizer is read. */
    private record Counting(TrieLmService service, AtomicInteger read) implements TrieLmService {
        @Override
        public Vocabulary vocabulary() {
            return service.vocabulary();
        }

        @Override
        public CanonicalRules canonicalRules() {
            read.incrementAndGet();
            return service.canonicalRules();
        }

        @Override
        public byte[] tokenizerJson() {
            return service.tokenizerJson();
        }

        @Override
        public CompletableFuture<Expansion> expand(ExpandRequest request) {
            return service.expand(request);
        }

        @Override
        public void close() {}
    }

    @Test
    void aServerReadsItsTokenizerOnceHoweverManyAskAndNotBefore() throws IOException {
        AtomicInteger read = new AtomicInteger();
        ServiceAddress address = servers.serve(new Counting(servers.bundled(), read));
        List<RemoteTrieLmService> clients = List.of(servers.connect(address), servers.connect(address));
        assertThat(read).hasValue(0);
        List<CompletableFuture<CanonicalRules>> asked = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            asked.add(CompletableFuture.supplyAsync(
                    clients.get(i % 2)::canonicalRules, task -> new Thread(task).start()));
        }
        for (int i = 2; i < 16; i++) {
            assertThat(asked.get(i).join()).isSameAs(asked.get(i % 2).join());
        }
        assertThat(read).hasValue(1);
    }
}
