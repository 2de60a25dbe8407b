package io.bytelm.dist;

/**
 * A symbol and how probable it is.
 *
 * @param symbol a byte as 0 to 255, {@link Symbols#EOT} or {@link Symbols#EOS}
 * @param logProb nats
 */
public record SymbolLogProb(int symbol, double logProb) {}
