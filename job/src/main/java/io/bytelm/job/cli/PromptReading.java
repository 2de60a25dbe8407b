package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.combine.Combination;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.TextOfModels;
import io.bytelm.decode.TreeText;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a prompt is read after which a text is written: where the user names no EOS token, each model's own end the text.
 *
 * @param combination of several models; null for one
 */
record PromptReading(SessionDefaults defaults, @Nullable Combination combination) {
    /**
     * Nothing written after a prompt; without probability if the model, or the models together, give the prompt none.
     *
     * @param service as many models as are combined
     * @throws io.bytelm.job.UserException if an EOS token is not in each vocabulary, or the tokenizations are not offered
     */
    Step<ReadText> of(TrieLmService service, byte[] prompt) {
        UserChecks.requireEosTokensOfEach(defaults, service);
        SessionTokenizations.requireOffered(defaults, service);
        Combination how = combination;
        if (how == null) {
            return ofOne(service, prompt);
        }
        List<Step<ReadText>> each = new ArrayList<>();
        for (TrieLmService model : service.models()) {
            each.add(ofOne(model, prompt).of(each.size()));
        }
        List<Long> contextTokens =
                service.models().stream().map(TrieLmService::contextTokens).toList();
        return Step.together(each).map(texts -> TextOfModels.after(texts, how, contextTokens));
    }

    private Step<ReadText> ofOne(TrieLmService model, byte[] prompt) {
        Vocabulary vocabulary = model.vocabulary();
        Vocabulary beforeTexts = defaults.dummyPrefix() ? vocabulary : vocabulary.withoutDummyPrefix();
        CanonicalParams canonical = defaults.decodeRequest(vocabulary).canonical();
        if (canonical == null) {
            return Beam.initial(beforeTexts, defaults.decodingParams(vocabulary))
                    .then(start -> start.prefill(prompt))
                    .map(BeamText::after);
        }
        byte[] prefix = beforeTexts.dummyPrefix();
        byte[] all = Arrays.copyOf(prefix, prefix.length + prompt.length);
        System.arraycopy(prompt, 0, all, prefix.length, prompt.length);
        return TreeText.reading(model.canonicalRules(), all, canonical).map(text -> text);
    }
}
