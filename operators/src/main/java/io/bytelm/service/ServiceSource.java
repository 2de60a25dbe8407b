package io.bytelm.service;

import java.io.Serializable;

/** Travels with the job and opens the service where an operator runs. */
public interface ServiceSource extends Serializable {
    /**
     * Opens the service, or joins the one that this JVM has open for the same model; the caller closes what it got.
     *
     * @throws io.bytelm.lm.ModelException if the model cannot be loaded
     */
    TrieLmService open();
}
