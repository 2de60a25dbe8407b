package io.bytelm.job.likelihood.scoring;

import io.bytelm.beam.Step;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.scoring.Windows.Window;

/** How windows are read: by a beam over all tokenizations, or over canonical ones. For the task thread. */
interface WindowReader {
    /** The computation of one window. */
    Step<WindowScoring.Result> read(DocumentInFlight document, Window window);

    /** How many tokens a text keeps the states of besides those of its own tokens. */
    long branchTokens();

    /**
     * The document, or its reject if it cannot be read so whatever the model says.
     *
     * @param text what is to be read of it
     */
    Item checked(Item item, byte[] text);

    /** What to say of a document whose reading ends before its end. */
    String deadEnd(int deadAt, int bytes);
}
