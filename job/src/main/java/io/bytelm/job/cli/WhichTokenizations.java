package io.bytelm.job.cli;

import io.bytelm.record.Tokenizations;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which tokenizations are followed, where nothing is deferred. */
final class WhichTokenizations {
    @Option(
            names = MeaninglessOptions.TOKENIZATIONS,
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description = "Which tokenizations of a text are read: all, by a beam, or canonical: those alone that the"
                    + " model's own tokenizer writes, all of them. Default: ${DEFAULT-VALUE}.")
    private Tokenizations which;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** @throws io.bytelm.job.UserException if an option means nothing beside it */
    boolean areCanonical() {
        MeaninglessOptions.refuse(which, command);
        return which == Tokenizations.CANONICAL;
    }
}
