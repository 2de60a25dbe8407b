package io.bytelm.service.grpc;

import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.grpc.proto.ReadTokenizerRequest;
import io.bytelm.service.grpc.proto.Sealed;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyException;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the tokenizer of a client's services writes texts: one of them is asked when it is first wanted to be known, and after
 * that nobody, unless it failed. The file is read here; that its library reads it likewise, the service has looked. Any
 * thread but the client's loop.
 */
final class RemoteRules {
    private static final long WITHIN_SECONDS = 120; // the service may have to read a large file, and compare

    /** What messages call the file. */
    private static final Path NAME = Path.of("tokenizer.json");

    private final Channels channels;
    private final Supplier<List<ServiceAddress>> ready;
    private final Vocabulary vocabulary;
    private final AtomicReference<@Nullable CompletableFuture<CanonicalRules>> found = new AtomicReference<>();

    /**
     * @param ready the endpoints that are there now, all of one model
     * @param vocabulary that of the model
     */
    RemoteRules(Channels channels, Supplier<List<ServiceAddress>> ready, Vocabulary vocabulary) {
        this.channels = channels;
        this.ready = ready;
        this.vocabulary = vocabulary;
    }

    /**
     * Blocks until it is known; those who ask at the same time wait for one answer.
     *
     * @throws NoCanonicalTokenizationsException if a service, or this program, does not follow the tokenizer's texts
     * @throws ServiceRefusedException if no service tells it now
     */
    CanonicalRules get() {
        CompletableFuture<CanonicalRules> own = new CompletableFuture<>();
        CompletableFuture<CanonicalRules> before = found.compareAndExchange(null, own);
        if (before == null) {
            ask(own);
        }
        try {
            return (before == null ? own : before).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    private void ask(CompletableFuture<CanonicalRules> own) {
        try {
            own.complete(askOneAfterAnother());
        } catch (RuntimeException | Error e) { // who waits must hear of it
            found.set(null);
            own.completeExceptionally(e);
        }
    }

    /** What one does not tell, as it is of an earlier version or goes away, another one may. */
    private CanonicalRules askOneAfterAnother() {
        RuntimeException failure = null;
        for (ServiceAddress address : ready.get()) {
            try {
                return rules(ask(address), address);
            } catch (NoCanonicalTokenizationsException e) {
                failure = failure == null ? e : failure;
            } catch (ServiceRefusedException e) { // what may go better later is told before what does not
                failure = e;
            }
        }
        throw failure != null
                ? failure
                : ServiceRefusedException.unavailable(
                        "no trie/LM service is there that could say how its tokenizer writes texts");
    }

    private WireTokenizer.Told ask(ServiceAddress address) {
        Context.CancellableContext call = Context.current().withCancellation();
        Context before = call.attach();
        try {
            Iterator<Sealed> parts = channels.blocking(address)
                    .withDeadlineAfter(WITHIN_SECONDS, TimeUnit.SECONDS)
                    .readTokenizer(ReadTokenizerRequest.getDefaultInstance());
            return WireTokenizer.read(parts, vocabulary.size());
        } catch (NoCanonicalTokenizationsException e) {
            throw NoCanonicalTokenizationsException.ofAnotherProcess(
                    "the trie/LM service at " + address + " says: " + e.getMessage(), e);
        } catch (MalformedMessageException e) {
            throw ServiceRefusedException.unavailable(
                    "the trie/LM service at " + address + " answers with " + e.getMessage());
        } catch (StatusRuntimeException e) {
            throw refusal(address, e.getStatus());
        } finally {
            call.detach(before);
            call.cancel(null); // of what is malformed, the rest is not wanted
        }
    }

    private RuntimeException refusal(ServiceAddress address, Status status) {
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            return NoCanonicalTokenizationsException.ofAnotherProcess(
                    "the trie/LM service at " + address + " does not tell how its"
                            + " tokenizer writes texts, as it is of an earlier version; start this version there (bytelm"
                            + " serve), open the model in the job itself, or read all tokenizations",
                    null);
        }
        return ServiceRefusedException.unavailable("how the tokenizer of the trie/LM service at " + address
                + " writes texts cannot be read: " + channels.explain(status));
    }

    private CanonicalRules rules(WireTokenizer.Told told, ServiceAddress address) {
        CanonicalRules rules;
        try {
            rules = CanonicalRulesReader.fromTokenizerJson(told.json(), NAME, vocabulary);
        } catch (VocabularyException e) {
            throw NoCanonicalTokenizationsException.ofAnotherProcess(
                    "the trie/LM service at " + address + " sent a tokenizer that this program does not follow: "
                            + e.getMessage()
                            + "; start the same version of bytelm on both sides, or read all tokenizations",
                    e);
        }
        Long there = told.rulesFingerprint();
        if (there != null && there != rules.fingerprint()) {
            throw NoCanonicalTokenizationsException.ofAnotherProcess(
                    "the trie/LM service at " + address + " follows its tokenizer by rules with the fingerprint "
                            + hex(there) + ", but this program makes " + hex(rules.fingerprint())
                            + " of the same file; start the same version of bytelm on both sides, or read all"
                            + " tokenizations",
                    null);
        }
        return rules;
    }

    private static String hex(long fingerprint) {
        return HexFormat.of().toHexDigits(fingerprint);
    }
}
