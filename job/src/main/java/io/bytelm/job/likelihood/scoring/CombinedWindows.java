package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.combine.Combination;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelBeam;
import io.bytelm.combine.ModelText;
import io.bytelm.combine.ModelTree;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.document.RejectReason;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Windows read by several models, with a beam each, or each over its canonical tokenizations alone. What precedes the counted
 * bytes of a window is given.
 *
 * @param models in the order that the combination counts
 */
record CombinedWindows(List<Model> models, Combination combination) implements WindowReader {
    /**
     * One of the models.
     *
     * @param vocabulary with the dummy prefix that a document's own beginning stands after
     * @param rules of its tokenizer, to which the tokens that end a sequence are text; null for all tokenizations
     * @param contextTokens how many tokens of a context it reads at most
     */
    private record Model(
            Vocabulary vocabulary,
            BeamParams params,
            @Nullable CanonicalRules rules,
            long contextTokens) {
        Step<ModelText> begin(boolean atBeginning) {
            Vocabulary ofWindow = atBeginning ? vocabulary : vocabulary.withoutDummyPrefix();
            if (rules == null) {
                return ModelBeam.initial(ofWindow, params);
            }
            CanonicalParams exact = CanonicalParams.exact(params.eosTokens());
            Step<CanonicalTree> tree = ofWindow.dummyPrefix().length > 0
                    ? CanonicalTree.afterDummyPrefix(rules, exact, EosMode.WITH_EOS)
                    : Step.done(CanonicalTree.initial(rules, exact, EosMode.WITH_EOS));
            return tree.map(begun -> new ModelTree(begun, 0));
        }
    }

    private record At(CombinedText text, int read, int truncatedBytes) {}

    /**
     * May block for some seconds.
     *
     * @param canonical whether canonical tokenizations alone are followed
     * @throws IllegalArgumentException if an EOS token is not in the vocabulary of each model
     * @throws io.bytelm.service.NoCanonicalTokenizationsException if those are wanted and a model does not offer them
     */
    static CombinedWindows of(
            TrieLmService opened, SessionDefaults defaults, Combination combination, boolean canonical) {
        List<Model> models = new ArrayList<>();
        for (TrieLmService model : opened.models()) {
            Vocabulary vocabulary = defaults.dummyPrefix()
                    ? model.vocabulary()
                    : model.vocabulary().withoutDummyPrefix();
            BeamParams params = defaults.beamParams(vocabulary);
            CanonicalRules rules = canonical ? model.canonicalRules().withoutAdded(params.eosTokens()) : null;
            models.add(new Model(vocabulary, params, rules, model.contextTokens()));
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
                .map(end -> end.text.isDead()
                        ? WindowScoring.Result.deadAt(end.read)
                        : new WindowScoring.Result(
                                end.text.logProb(), end.text.logProb(), end.read, end.truncatedBytes));
    }

    /** Only a document's own beginning stands after the dummy prefix; a window may begin inside of a word. */
    private Step<CombinedText> begin(Window window) {
        List<Step<ModelText>> beginnings =
                models.stream().map(model -> model.begin(window.from() == 0)).toList();
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
                .mapToLong(model -> model.rules == null ? model.params.branchTokens() : Reading.Canonical.BRANCH_TOKENS)
                .max()
                .orElse(0);
    }

    @Override
    public Item checked(Item item, byte[] text) {
        for (Model model : models) {
            int changed = model.rules == null ? -1 : model.rules.firstChange(text);
            if (changed >= 0) {
                return item.rejected(
                        RejectReason.NOT_NORMALIZED,
                        "the tokenizer of model " + (models.indexOf(model) + 1) + " would change byte " + (changed + 1)
                                + " of " + text.length + " before it cuts the text (NFC), so no canonical tokens spell"
                                + " the text as it is; compose it before, or score it with --tokenizations all");
            }
        }
        return item;
    }

    @Override
    public String deadEnd(int deadAt, int bytes) {
        boolean canonical = models.stream().anyMatch(model -> model.rules != null);
        return "the models together give byte " + deadAt + " of " + bytes + " no probability; "
                + (canonical
                        ? "--tokenizations all follows more tokenizations"
                        : "a larger --k or a smaller --prune follows more tokenizations");
    }
}
