package io.bytelm.service;

import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.batch.Terms;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one port between the beam and the model. It is a pure function of the request: asking twice gives the same answer,
 * so a caller may repeat a request after any failure. Thread-safe.
 */
public interface TrieLmService extends AutoCloseable {
    /** What the model's token ids stand for. */
    Vocabulary vocabulary();

    /**
     * How the model's tokenizer writes each text: what is needed to follow canonical tokenizations alone. The first call may
     * block for some seconds, later ones return the same value at once. Any thread may ask, but none that answers requests.
     *
     * @throws NoCanonicalTokenizationsException if that cannot be followed, or is not said here; the message is one line that
     *     says why
     */
    default CanonicalRules canonicalRules() {
        throw new NoCanonicalTokenizationsException("this service does not say how its tokenizer writes a text");
    }

    /**
     * The text of the {@code tokenizer.json} that {@link #canonicalRules} come from, not gzipped: for those who are to follow
     * them where the model's files are not. Read anew at each call, which may block. Any thread may ask, but none that answers
     * requests.
     *
     * @throws NoCanonicalTokenizationsException if there is none here; the message is one line that says why
     */
    default byte[] tokenizerJson() {
        throw new NoCanonicalTokenizationsException("this service has no tokenizer.json at hand");
    }

    /**
     * Starts one evaluation. Requests of all callers that are waiting at the same time share a batch. A caller cancels the
     * answer when it no longer wants it; what nobody wants any more is forgotten, unless its evaluation has begun.
     *
     * @return complete at once if the answer is at hand, else completes on a thread of the service (hand over before doing
     *     work); fails, never wrapped, with {@link io.bytelm.lm.ModelException} if this request cannot be answered, with
     *     {@link ServiceRefusedException} if it is not answered now or here, or with {@link ServiceClosedException}
     */
    CompletableFuture<Expansion> expand(ExpandRequest request);

    /**
     * The same for one of several who share the service.
     *
     * @param terms whose turn it is to be answered, and when it is too late to answer; without effect on a service that
     *     knows no turns
     */
    default CompletableFuture<Expansion> expand(ExpandRequest request, Terms terms) {
        return expand(request);
    }

    /** What the service has done so far, for all who share it; null if it does not count. Any thread may ask. */
    default @Nullable ServiceStatistics statistics() {
        return null;
    }

    /** The memory of the model's device now; null if it has none of its own, or is not said here. Any thread may ask. */
    default @Nullable DeviceMemory deviceMemory() {
        return null;
    }

    /** How its requests travel, for all who share it; null if it is in this JVM. Any thread may ask. */
    default @Nullable ConnectionStatistics connections() {
        return null;
    }

    /**
     * How many tokens of contexts the service answers without reading them again, as
     * {@link io.bytelm.lm.LanguageModel#keptTokens} says. Any thread may ask.
     */
    default long keptTokens() {
        return Long.MAX_VALUE;
    }

    /**
     * How many tokens of a context count at most, as {@link io.bytelm.lm.LanguageModel#contextTokens} says. Any thread may
     * ask.
     */
    default long contextTokens() {
        return Long.MAX_VALUE;
    }

    /**
     * What the answers depend on besides the requests: a session that was begun with one identity cannot go on with another.
     * Any thread may ask.
     */
    default ModelIdentity identity() {
        return ModelIdentity.UNKNOWN.with(
                "vocabulary", HexFormat.of().toHexDigits(vocabulary().fingerprint()));
    }

    /** The room for the texts of all who share what this service keeps; the same one at each call. Any thread may ask. */
    default StateRoom room() {
        return StateRoom.UNBOUNDED;
    }

    /**
     * The models that answer, in the order of {@link ExpandRequest#model}: this one alone, unless several are asked together.
     * Any thread may ask.
     */
    default List<TrieLmService> models() {
        return List.of(this);
    }

    /** Fails what is still waiting with {@link ServiceClosedException} and frees the model. */
    @Override
    void close();
}
