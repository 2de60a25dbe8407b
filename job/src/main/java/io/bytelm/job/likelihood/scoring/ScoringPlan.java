package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.combine.Combination;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.span.SpanRule;
import io.bytelm.vocab.TextNormalizer;
import io.bytelm.vocab.Vocabulary;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the operator is told.
 *
 * @param service opens the model on each subtask
 * @param beam how beams are kept
 * @param canonical how canonical tokenizations are followed; null for a beam over all
 * @param windows how long documents are scored
 * @param byteLogProbs whether rows list the log-probability of every byte
 * @param beginnings whether rows keep the first bytes of their documents
 * @param spans into what documents are split beside that; null for nothing
 * @param inFlight how many windows the subtasks of one process score at the same time, all together
 * @param inFlightBytes documents of so many bytes in all are held, or one that is longer
 * @param normalizes whether documents are read as the tokenizer's own normalizer leaves them
 * @param combination how several models are combined; null of one
 */
public record ScoringPlan(
        ServiceSource service,
        SessionDefaults beam,
        @Nullable CanonicalScoring canonical,
        Windows windows,
        boolean byteLogProbs,
        boolean beginnings,
        @Nullable SpanRule spans,
        int inFlight,
        long inFlightBytes,
        boolean normalizes,
        @Nullable Combination combination)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Of the contexts that wait for the model, for all windows in flight together; a service refuses twice as many. */
    private static final int MOST_REQUESTS = 8192;

    private static final int MOST_REQUESTS_OF_A_WINDOW = 512;

    /** @throws IllegalArgumentException if a limit is less than 1 */
    public ScoringPlan {
        if (inFlight < 1 || inFlightBytes < 1) {
            throw new IllegalArgumentException(
                    "at least 1 window and 1 byte must be in flight, got " + inFlight + " and " + inFlightBytes);
        }
    }

    /** Of one model, without spans, of rows that keep nothing of their documents, which are read as they come. */
    public ScoringPlan(
            ServiceSource service,
            SessionDefaults beam,
            @Nullable CanonicalScoring canonical,
            Windows windows,
            boolean byteLogProbs,
            int inFlight,
            long inFlightBytes) {
        this(service, beam, canonical, windows, byteLogProbs, false, null, inFlight, inFlightBytes, false, null);
    }

    /** Whether every byte has to have a score of its own. */
    boolean wantsBytes() {
        return byteLogProbs || spans != null;
    }

    /** How many contexts of a window are asked for at once, where all of them are known. */
    int requestsAtOnce() {
        return Math.max(1, Math.min(MOST_REQUESTS_OF_A_WINDOW, MOST_REQUESTS / inFlight));
    }

    /**
     * How windows are read with an opened service; may block for some seconds.
     *
     * @throws IllegalArgumentException if an EOS token is not in the vocabulary
     * @throws io.bytelm.service.NoCanonicalTokenizationsException if those are wanted and not offered
     */
    WindowReader windowReader(TrieLmService opened) {
        if (combination != null) {
            return CombinedWindows.of(opened, beam, combination, canonical != null);
        }
        BeamParams params = beam.beamParams(opened.vocabulary());
        Vocabulary vocabulary =
                beam.dummyPrefix() ? opened.vocabulary() : opened.vocabulary().withoutDummyPrefix();
        if (canonical == null) {
            return new BeamWindows(params, opened.contextTokens(), vocabulary, restarts());
        }
        return new CanonicalWindows(
                opened.canonicalRules().withoutAdded(params.eosTokens()),
                new CanonicalParams(canonical.defer(), params.eosTokens()),
                opened.contextTokens(),
                vocabulary.dummyPrefix(),
                requestsAtOnce(),
                CanonicalWindows.LONG_BYTES,
                restarts());
    }

    /**
     * What is done to documents before they are read; null if that is nothing.
     *
     * @throws io.bytelm.vocab.VocabularyException if the tokenizer's normalizer is not known
     */
    @Nullable
    TextNormalizer normalizer(TrieLmService opened) {
        return normalizes ? TextNormalizer.ofTokenizerJson(opened.tokenizerJson(), Path.of("tokenizer.json")) : null;
    }

    /** Whether documents are read on after dead ends. */
    boolean restarts() {
        return beam.onDeadEnd() == OnDeadEnd.RESTART;
    }
}
