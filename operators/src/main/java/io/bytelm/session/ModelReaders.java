package io.bytelm.session;

import io.bytelm.beam.EosMode;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.SavedTree;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.TreeText;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Of one model. */
record ModelReaders(Vocabulary vocabulary, RulesOnDemand rules) implements TextReaders {
    /** The model's tokenizer offers no canonical tokenizations. */
    static final String NOT_OFFERED = "no-canonical-tokenizations";

    /** The session was read with another tokenizer. */
    static final String OTHER_TOKENIZER = "tokenizer-changed";

    @Override
    public List<Vocabulary> vocabularies() {
        return List.of(vocabulary);
    }

    @Override
    public TextReader begin(OpenRequest request) throws RejectedRecordException {
        CanonicalParams canonical = request.canonical();
        if (canonical == null) {
            return BeamReader.initial(vocabulary, request);
        }
        try {
            CanonicalParams exact = CanonicalParams.exact(canonical.eosTokens());
            CanonicalRules ofText = rules.without(canonical.eosTokens());
            return new TreeReader(CanonicalTree.initial(ofText, exact, EosMode.WITHOUT_EOS), 0);
        } catch (NoCanonicalTokenizationsException e) {
            throw new RejectedRecordException(
                    NOT_OFFERED,
                    "open: this model offers no canonical tokenizations: " + e.getMessage()
                            + "; set \"tokenizations\" to \"all\", or leave it out");
        }
    }

    @Override
    public TextReader restored(Reading stored) throws RejectedRecordException {
        if (stored instanceof Reading.Canonical canonical) {
            SavedTree tree = canonical.tree();
            CanonicalRules ofText = rulesOf(tree, rules::without);
            return new TreeReader(tree.restored(ofText), canonical.longestContext());
        }
        if (stored instanceof Reading.All all) {
            return new BeamReader(all.beam());
        }
        throw readBySeveral();
    }

    private static RejectedRecordException readBySeveral() {
        return new RejectedRecordException(
                CombinedReaders.OTHER_MODELS,
                "the session was read by several models, and this job has one; resume it with those that it was begun with, or"
                        + " end it and open it anew");
    }

    @Override
    public @Nullable CompletableFuture<?> preparation() {
        return rules.preparation();
    }

    @Override
    public TextReader beginPrompt(List<OpenRequest> each) throws RejectedRecordException {
        return begin(each.get(0).ofPrompt());
    }

    @Override
    public boolean endsByEos(List<OpenRequest> each) {
        return each.get(0).params().eosTokens().length > 0;
    }

    @Override
    public ReadText written(TextReader prompt, List<OpenRequest> each) {
        OpenRequest request = each.get(0);
        if (prompt instanceof TreeReader read) {
            CanonicalParams asked = request.canonical();
            CanonicalParams params =
                    asked == null ? CanonicalParams.exact(request.params().eosTokens()) : asked;
            return TreeText.after(read.tree(), read.longestContext(), rules.written(params.eosTokens()), params);
        }
        return BeamText.after(((BeamReader) prompt).beam());
    }

    @Override
    public ReadText written(Reading stored, Certified logProb) throws RejectedRecordException {
        if (stored instanceof Reading.Canonical canonical) {
            SavedTree tree = canonical.tree();
            CanonicalRules ofText = rulesOf(tree, rules::written);
            return new TreeText(tree.restored(ofText), logProb, canonical.longestContext());
        }
        if (stored instanceof Reading.All all) {
            return new BeamText(all.beam().askingIn(EosMode.GENERATING));
        }
        throw readBySeveral();
    }

    private static CanonicalRules rulesOf(SavedTree tree, Function<int[], CanonicalRules> rulesOfEos)
            throws RejectedRecordException {
        String why;
        try {
            CanonicalRules ofText = rulesOfEos.apply(tree.params().eosTokens());
            if (tree.isOf(ofText)) {
                return ofText;
            }
            why = "the session was read with another tokenizer, or by a build that follows this one otherwise";
        } catch (NoCanonicalTokenizationsException e) {
            why = "the session reads over canonical tokenizations, which this model does not offer: " + e.getMessage();
        }
        throw new RejectedRecordException(
                OTHER_TOKENIZER, why + "; resume it with the model it was begun with, or end it and open it anew");
    }
}
