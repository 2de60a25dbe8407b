package io.bytelm.job.cli;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelBeam;
import io.bytelm.combine.ModelText;
import io.bytelm.combine.ModelTree;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.JobModel;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.List;

/** Several models for one caller, who waits for every answer. */
final class BlockingModels implements AutoCloseable {
    private final CombinedModel model;
    private final TrieLmService service;

    /** @throws io.bytelm.lm.ModelException if a model cannot be loaded */
    BlockingModels(CombinedModel model) {
        this.model = model;
        this.service = model.open();
    }

    /**
     * Before the first byte.
     *
     * @throws io.bytelm.job.UserException if an EOS token is not in the vocabulary of each model, or one of them does not
     *     offer the tokenizations
     */
    CombinedText begin(SessionDefaults defaults) {
        UserChecks.requireEosTokensOfEach(defaults, service);
        SessionTokenizations.requireOffered(defaults, service);
        List<Step<ModelText>> beginnings =
                service.models().stream().map(each -> begin(each, defaults)).toList();
        return run(CombinedText.together(beginnings, model.combination()));
    }

    private static Step<ModelText> begin(TrieLmService each, SessionDefaults defaults) {
        Vocabulary vocabulary = each.vocabulary();
        CanonicalParams canonical = defaults.openRequest(vocabulary).canonical();
        if (canonical == null) {
            Vocabulary beforeTexts = defaults.dummyPrefix() ? vocabulary : vocabulary.withoutDummyPrefix();
            return ModelBeam.initial(beforeTexts, defaults.beamParams(vocabulary));
        }
        CanonicalRules rules = each.canonicalRules().withoutAdded(canonical.eosTokens());
        Step<CanonicalTree> tree = defaults.dummyPrefix()
                ? CanonicalTree.afterDummyPrefix(rules, canonical, EosMode.WITH_EOS)
                : Step.done(CanonicalTree.initial(rules, canonical, EosMode.WITH_EOS));
        return tree.map(begun -> new ModelTree(begun, 0));
    }

    /** After a prefix, in which EOS tokens are ordinary ones; its bytes count. */
    CombinedText after(byte[] prefix, SessionDefaults defaults) {
        CombinedText begin = begin(defaults).withEach(text -> text.withMode(EosMode.WITHOUT_EOS));
        return run(begin.read(prefix, 0, prefix.length)).withEach(text -> text.withMode(EosMode.WITH_EOS));
    }

    /** Runs to the end; what is asked together is answered in one batch. */
    <T> T run(Step<T> step) {
        return step.run(new ServiceAnswers(service));
    }

    /** Whether a model reads a shortened context for one of so many tokens. */
    boolean isTruncated(int model, int longestContext) {
        return TruncatedLine.isTruncated(
                longestContext, service.models().get(model).contextTokens());
    }

    /** Says which models have read a shortened context. */
    void printTruncated(List<Integer> longestContexts, Terminal terminal) {
        TruncatedLine.printEach(longestContexts, service.models(), terminal);
    }

    /** Which number stands for which model. */
    void printModels(Terminal terminal) {
        List<JobModel> models = model.models();
        for (int i = 0; i < models.size(); i++) {
            terminal.line(
                    "%s %s",
                    terminal.styled(Style.DIM, "model " + (i + 1)),
                    models.get(i).name());
        }
        terminal.line(
                terminal.styled(Style.DIM, "combined: " + model.combination().described()));
        terminal.emptyLine();
    }

    @Override
    public void close() {
        service.close();
    }
}
