package io.bytelm.lm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.CanonicalRules;
import org.jspecify.annotations.Nullable;

/** The canonical tokens of a whole text, by the rules alone. */
public final class CanonicalEncoding {
    private static final int BEFORE = 0;

    private CanonicalEncoding() {}

    /**
     * What the tokenizer writes for a text: without BOS, dummy prefix, or any other token that the text does not contain.
     *
     * @param text bytes; not to be changed
     * @return null if no canonical tokens spell the text
     */
    public static int @Nullable [] of(CanonicalRules rules, byte[] text) {
        Heads heads = Heads.before(rules, TokenContext.startingWith(BEFORE));
        for (byte b : text) {
            heads = heads.read(b & 0xFF);
            if (heads.heads().isEmpty()) {
                return null;
            }
        }
        var ends = heads.ends();
        if (ends.isEmpty()) {
            return null;
        }
        TokenContext end = ends.get(0);
        return end.lastTokens(end.length() - 1);
    }
}
