package io.bytelm.beam;

/** How the EOS tokens of a beam are read when a hypothesis gets its masses. */
public enum EosMode {
    /** Their mass is that of the EOS symbol: producing one ends the sequence. */
    WITH_EOS,
    /** They are ordinary tokens, as in a prompt. */
    WITHOUT_EOS
}
