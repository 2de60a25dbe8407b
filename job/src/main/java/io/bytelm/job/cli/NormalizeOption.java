package io.bytelm.job.cli;

import io.bytelm.job.JobModel;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.vocab.TextNormalizer;
import io.bytelm.vocab.VocabularyException;
import picocli.CommandLine.Option;

/** Whether documents are scored as the model's tokenizer would have made them. */
final class NormalizeOption {
    @Option(
            names = "--normalize",
            order = 12,
            description =
                    "Score each document as the tokenizer's own normalizer leaves it (NFC, lower case, ...); rows say how"
                            + " many bytes that are. By default bytes are scored as they come.")
    private boolean normalize;

    boolean isOn() {
        return normalize;
    }

    /**
     * Told here, and not when the job has started.
     *
     * @throws UserException if it is on and the model has no normalizer that can be run
     */
    void requireOf(JobModel model) {
        if (!normalize) {
            return;
        }
        if (!(model instanceof ModelSettings embedded)) {
            String other = model.combination() == null ? "--service" : CombineOptions.COMBINE;
            throw new UserException("--normalize runs the normalizer of the model's own tokenizer.json, and with "
                    + other + " there is none, or not one; leave one of them out");
        }
        try {
            var unused = TextNormalizer.ofModelDirectory(embedded.resolvedDirectory());
        } catch (VocabularyException e) {
            throw new UserException("--normalize: " + e.getMessage(), e);
        }
    }
}
