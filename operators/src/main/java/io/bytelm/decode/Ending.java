package io.bytelm.decode;

/** Why an output ended. Savepoints keep the ordinals: new ones come last. */
public enum Ending {
    /** An EOS token was drawn. */
    EOS,
    /** The constraint is satisfied, and nothing more can follow. */
    COMPLETE,
    /** The output ends with a stop string, and is complete. */
    STOP,
    /** The output is complete; more could follow, but does not fit into the byte budget. */
    BUDGET,
    /**
     * No tokenization of the bytes so far gives anything that may follow a probability, however small: the rest is the
     * shortest completion. How far is looked says {@link io.bytelm.beam.Beam#continuations}.
     */
    DEAD_END
}
