package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.vocab.Vocabulary;

/**
 * Windows read by a beam.
 *
 * @param contextTokens how many tokens of a context the model reads at most
 * @param vocabulary with the dummy prefix that a document's own beginning stands after
 */
record BeamWindows(BeamParams params, long contextTokens, Vocabulary vocabulary) implements WindowReader {
    @Override
    public Step<WindowScoring.Result> read(DocumentInFlight document, Window window) {
        WindowScoring scoring = new WindowScoring(
                document.item().bytes(),
                window,
                params.eosTokens().length > 0,
                contextTokens,
                document.byteLogProbs(),
                document.wordEnds());
        // Only a document's own beginning stands after the dummy prefix; a window may begin inside of a word.
        Vocabulary ofWindow = window.from() == 0 ? vocabulary : vocabulary.withoutDummyPrefix();
        return Beam.initial(ofWindow, params).then(scoring::run);
    }

    @Override
    public long branchTokens() {
        return params.branchTokens();
    }

    @Override
    public Item checked(Item item) {
        return item;
    }

    @Override
    public String deadEnd(int deadAt, int bytes) {
        return "no tokenization that the beam follows goes on with byte " + deadAt + " of " + bytes
                + "; a larger --k or a smaller --prune follows more";
    }
}
