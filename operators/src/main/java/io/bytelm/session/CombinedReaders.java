package io.bytelm.session;

import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.Certified;
import io.bytelm.combine.Combination;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelBeam;
import io.bytelm.combine.ModelText;
import io.bytelm.combine.ModelTree;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.TextOfModels;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Of several models: an {@code open} counts for all of them alike. A session that is open keeps the combination that it was
 * opened with.
 *
 * @param models in their order
 * @param combination of sessions that are opened from now on
 */
record CombinedReaders(List<Model> models, Combination combination) implements TextReaders {
    /** The session was read by other models. */
    static final String OTHER_MODELS = "models-changed";

    /**
     * One of the models.
     *
     * @param dummyPrefix what its tokenizer puts before a text; empty for nothing
     * @param contextTokens how many tokens of a context it reads at most
     */
    record Model(ModelReaders readers, byte[] dummyPrefix, long contextTokens) {}

    CombinedReaders {
        models = List.copyOf(models);
    }

    @Override
    public Vocabulary vocabulary() {
        return models.get(0).readers().vocabulary();
    }

    @Override
    public List<Vocabulary> vocabularies() {
        return models.stream().map(model -> model.readers().vocabulary()).toList();
    }

    @Override
    public TextReader begin(OpenRequest request) throws RejectedRecordException {
        requireNothingDeferred(request);
        if (request.onDeadEnd() == OnDeadEnd.RESTART) {
            throw new RejectedRecordException(
                    OpenRequest.MALFORMED,
                    "open: several models stop at a dead end, since they do not have theirs at the same bytes; leave out"
                            + " \"on_dead_end\"");
        }
        if (request.observing().settledTokens()) {
            throw new RejectedRecordException(
                    OpenRequest.MALFORMED,
                    "open: several models read in tokens of their own, of which none is told; leave out"
                            + " \"settled_tokens\"");
        }
        List<OpenRequest> each = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            each.add(i == 0 ? request : inWordsOf(i, request));
        }
        return beginEach(each);
    }

    private CombinedReader beginEach(List<OpenRequest> each) throws RejectedRecordException {
        List<ModelText> texts = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            texts.add(textOf(models.get(i).readers().begin(each.get(i))));
        }
        return new CombinedReader(CombinedText.begin(texts, combination), models, 0);
    }

    private static void requireNothingDeferred(OpenRequest request) throws RejectedRecordException {
        CanonicalParams canonical = request.canonical();
        if (canonical != null && canonical.defer() > 0) {
            throw new RejectedRecordException(
                    OpenRequest.MALFORMED,
                    "open: with several models nothing is deferred, since no certificate would hold for all of them; leave"
                            + " out \"defer\"");
        }
    }

    /** The same request, whose EOS tokens are those of another model that have the same bytes. */
    private OpenRequest inWordsOf(int model, OpenRequest request) throws RejectedRecordException {
        BeamParams asked = request.params();
        Vocabulary other = models.get(model).readers().vocabulary();
        List<Integer> eosTokens = new ArrayList<>();
        for (int token : asked.eosTokens()) {
            byte[] bytes = vocabulary().bytes(token);
            int[] same = other.idsOf(bytes);
            if (same.length == 0) {
                throw new RejectedRecordException(
                        OpenRequest.UNKNOWN_EOS_TOKEN,
                        "open: EOS token: no token of model " + (model + 1) + " is hex "
                                + HexFormat.of().formatHex(bytes)
                                + "; a token that ends a text has to be one of each model");
            }
            Arrays.stream(same).forEach(eosTokens::add);
        }
        int[] ids = eosTokens.stream().mapToInt(id -> id).toArray();
        BeamParams params = new BeamParams(
                asked.width(),
                asked.pruneThreshold(),
                ids,
                asked.heal(),
                asked.healMaxBackoff(),
                asked.healMaxSplits());
        CanonicalParams canonical = request.canonical() == null ? null : CanonicalParams.exact(ids);
        return new OpenRequest(request.prompt(), params, canonical, request.emission());
    }

    @Override
    public TextReader restored(Reading stored) throws RejectedRecordException {
        Reading.Combined combined = ofTheseModels(stored);
        List<ModelText> texts = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            texts.add(textOf(models.get(i).readers().restored(combined.parts().get(i))));
        }
        CombinedText text = new CombinedText(texts, combined.combination(), combined.logProb());
        return new CombinedReader(text, models, combined.longestContext());
    }

    private Reading.Combined ofTheseModels(Reading stored) throws RejectedRecordException {
        if (stored instanceof Reading.Combined combined && combined.parts().size() == models.size()) {
            return combined;
        }
        throw new RejectedRecordException(
                OTHER_MODELS,
                "the session was read by another number of models than the " + models.size()
                        + " of this job; resume it with those that it was begun with, or end it and open it anew");
    }

    @Override
    public TextReader beginPrompt(List<OpenRequest> each) throws RejectedRecordException {
        requireNothingDeferred(each.get(0));
        return beginEach(each.stream().map(OpenRequest::ofPrompt).toList());
    }

    @Override
    public boolean endsByEos(List<OpenRequest> each) {
        boolean[] ends = new boolean[each.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = each.get(i).params().eosTokens().length > 0;
        }
        return combination.isPossible(ends);
    }

    @Override
    public ReadText written(TextReader prompt, List<OpenRequest> each) {
        CombinedReader together = (CombinedReader) prompt;
        List<TextReader> read = together.each();
        List<ReadText> texts = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            texts.add(models.get(i).readers().written(read.get(i), List.of(each.get(i))));
        }
        return TextOfModels.after(texts, together.text().combination(), contextTokens());
    }

    /** What each model has read is given. */
    @Override
    public ReadText written(Reading stored, Certified logProb) throws RejectedRecordException {
        Reading.Combined combined = ofTheseModels(stored);
        List<ReadText> texts = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            Reading part = combined.parts().get(i);
            double given = part.contexts().isEmpty() ? Double.NEGATIVE_INFINITY : 0;
            texts.add(models.get(i).readers().written(part, new Certified(given, given)));
        }
        return new TextOfModels(texts, combined.combination(), contextTokens(), logProb.logLower());
    }

    private List<Long> contextTokens() {
        return models.stream().map(Model::contextTokens).toList();
    }

    private static ModelText textOf(TextReader reader) {
        if (reader instanceof BeamReader ofAll) {
            return new ModelBeam(ofAll.beam());
        }
        if (reader instanceof TreeReader ofCanonical) {
            return new ModelTree(ofCanonical.tree(), ofCanonical.longestBefore());
        }
        throw new IllegalArgumentException("several models read a text one by one each, not as " + reader);
    }

    @Override
    public @Nullable CompletableFuture<?> preparation() {
        return models.stream()
                .map(model -> model.readers().preparation())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
