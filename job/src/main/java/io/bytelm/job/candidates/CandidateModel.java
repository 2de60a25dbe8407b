package io.bytelm.job.candidates;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.candidate.BeamContinuation;
import io.bytelm.candidate.CandidateList;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.candidate.CandidateScoring;
import io.bytelm.candidate.CanonicalContinuation;
import io.bytelm.candidate.Continuation;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.record.SessionLimits;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weighs candidates after a text.
 *
 * @param vocabulary with the dummy prefix that a text begins after, or without one
 * @param params how beams are kept, and which tokens end a text
 * @param canonical how the model's tokenizer writes texts; null to follow all tokenizations
 */
public record CandidateModel(
        Vocabulary vocabulary, BeamParams params, @Nullable CanonicalRules canonical) {
    /**
     * EOS tokens are ordinary ones in the text before the candidates.
     *
     * @return empty if the model gives that text no probability
     */
    public Step<Optional<CandidateScores>> scores(byte[] prompt, CandidateList list) {
        return begin(prompt)
                .then(text -> text.logProb() == Double.NEGATIVE_INFINITY
                        ? Step.done(Optional.empty())
                        : CandidateScoring.of(text, list, SessionLimits.STANDARD.maxRequestsPerRound())
                                .map(Optional::of));
    }

    private Step<Continuation> begin(byte[] prompt) {
        if (canonical == null) {
            return Beam.initial(vocabulary, params)
                    .then(start -> start.prefill(prompt))
                    .map(BeamContinuation::new);
        }
        CanonicalParams exact = CanonicalParams.exact(params.eosTokens());
        CanonicalRules ofText = canonical.withoutAdded(params.eosTokens());
        Step<CanonicalTree> begun = vocabulary.dummyPrefix().length == 0
                ? Step.done(CanonicalTree.initial(ofText, exact, EosMode.WITHOUT_EOS))
                : CanonicalTree.afterDummyPrefix(ofText, exact, EosMode.WITHOUT_EOS);
        return begun.then(start -> start.readToEnd(prompt, 0, prompt.length))
                .then(read -> CanonicalContinuation.of(read.withMode(EosMode.WITH_EOS), 0));
    }
}
