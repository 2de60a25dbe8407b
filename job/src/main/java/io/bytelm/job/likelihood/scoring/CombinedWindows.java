package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.combine.Combination;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelBeam;
import io.bytelm.combine.ModelText;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/**
 * Windows read by several models, with a beam each. What precedes the counted bytes of a window is given.
 *
 * @param models in the order that the combination counts
 */
record CombinedWindows(List<Model> models, Combination combination) implements WindowReader {
    /**
     * One of the models.
     *
     * @param vocabulary with the dummy prefix that a document's own beginning stands after
     * @param contextTokens how many tokens of a context it reads at most
     */
    private record Model(Vocabulary vocabulary, BeamParams params, long contextTokens) {}

    private record At(CombinedText text, int read, int truncatedBytes) {}

    /** @throws IllegalArgumentException if an EOS token is not in the vocabulary of each model */
    static CombinedWindows of(TrieLmService opened, SessionDefaults defaults, Combination combination) {
        List<Model> models = new ArrayList<>();
        for (TrieLmService model : opened.models()) {
            Vocabulary vocabulary = defaults.dummyPrefix()
                    ? model.vocabulary()
                    : model.vocabulary().withoutDummyPrefix();
            models.add(new Model(vocabulary, defaults.beamParams(vocabulary), model.contextTokens()));
        }
        return new CombinedWindows(models, combination);
    }

    @Override
    public Step<WindowScoring.Result> read(DocumentInFlight document, Window window) {
        byte[] bytes = document.item().bytes();
        double[] byteLogProbs = document.byteLogProbs();
        return begin(window)
                .then(begun -> begun.withEach(text -> text.withMode(EosMode.WITHOUT_EOS))
                        .readGiven(bytes, window.from(), window.scoredFrom()))
                .map(given -> given.withEach(text -> text.withMode(EosMode.WITH_EOS)))
                .then(given -> Step.loop(
                        new At(given, window.scoredFrom(), 0),
                        at -> at.read < window.to() && !at.text.isDead(),
                        at -> told(at, bytes, document.wordEnds()).then(told -> readOne(told, bytes, byteLogProbs))))
                .then(end -> end.read < bytes.length || end.text.isDead()
                        ? Step.done(end)
                        : told(end, bytes, document.wordEnds()))
                .map(end -> end.text.isDead()
                        ? WindowScoring.Result.deadAt(end.read)
                        : new WindowScoring.Result(
                                end.text.logProb(), end.text.logProb(), end.read, end.truncatedBytes));
    }

    /** Only a document's own beginning stands after the dummy prefix; a window may begin inside of a word. */
    private Step<CombinedText> begin(Window window) {
        List<Step<ModelText>> beginnings = new ArrayList<>();
        for (Model model : models) {
            Vocabulary vocabulary = window.from() == 0 ? model.vocabulary : model.vocabulary.withoutDummyPrefix();
            beginnings.add(ModelBeam.initial(vocabulary, model.params));
        }
        return CombinedText.together(beginnings, combination);
    }

    /** How probable it is that a word ends here, if one does. */
    private static Step<At> told(At at, byte[] bytes, WordEnds wordEnds) {
        if (!wordEnds.isAt(at.read)) {
            return Step.done(at);
        }
        return at.text.predict(Lookahead.of(bytes, at.read)).map(next -> {
            wordEnds.tell(at.read, next.next());
            return new At(next.text(), at.read, at.truncatedBytes);
        });
    }

    private Step<At> readOne(At at, byte[] bytes, double[] byteLogProbs) {
        return at.text.advance(Lookahead.of(bytes, at.read)).map(next -> {
            if (byteLogProbs.length > 0) {
                byteLogProbs[at.read] = next.logProb() - at.text.logProb();
            }
            return new At(next, at.read + 1, at.truncatedBytes + (isTruncated(next) ? 1 : 0));
        });
    }

    private boolean isTruncated(CombinedText text) {
        for (int i = 0; i < models.size(); i++) {
            if (text.texts().get(i).longestContext() > models.get(i).contextTokens) {
                return true;
            }
        }
        return false;
    }

    /** Of the model that needs most: the room is that of one. */
    @Override
    public long branchTokens() {
        return models.stream()
                .mapToLong(model -> model.params.branchTokens())
                .max()
                .orElse(0);
    }

    @Override
    public Item checked(Item item, byte[] text) {
        return item;
    }

    @Override
    public String deadEnd(int deadAt, int bytes) {
        return "the models together give byte " + deadAt + " of " + bytes
                + " no probability; a larger --k or a smaller --prune follows more tokenizations";
    }
}
