package io.bytelm.beam;

/** How the EOS tokens of a beam, and special tokens, are read when a hypothesis gets its masses. */
public enum EosMode {
    /** The EOS tokens' mass is that of the EOS symbol: producing one ends the sequence. */
    WITH_EOS,
    /** They are ordinary tokens, as in a prompt. */
    WITHOUT_EOS,
    /** As {@link #WITH_EOS}, and no other special token has any mass: what is generated never spells its name. */
    GENERATING
}
