package io.bytelm.dist;

/**
 * The 258 symbols that can come next: the 256 bytes (each its own value), the end of the token, and the end of the
 * sequence. The numbering is that of the reference, genlm-bytes.
 */
public final class Symbols {
    /** The token ends here and no byte follows from it; only tokens without bytes put mass on it. */
    public static final int EOT = 256;

    /** The sequence ends here: one of the EOS tokens was produced. */
    public static final int EOS = 257;

    /** How many symbols there are. */
    public static final int COUNT = 258;

    private Symbols() {}

    /**
     * A symbol in print: a printable ASCII character as itself, a space as {@code ␣} and a backslash as {@code \\}, any
     * other byte as {@code \xNN}, and {@code EOT}, {@code EOS}.
     *
     * @throws IllegalArgumentException if there is no such symbol
     */
    public static String label(int symbol) {
        if (symbol < 0 || symbol >= COUNT) {
            throw new IllegalArgumentException("symbol " + symbol + " is not in 0 .. " + (COUNT - 1));
        }
        return switch (symbol) {
            case EOT -> "EOT";
            case EOS -> "EOS";
            case ' ' -> "␣";
            case '\\' -> "\\\\";
            default -> symbol > ' ' && symbol < 0x7F ? String.valueOf((char) symbol) : String.format("\\x%02x", symbol);
        };
    }
}
