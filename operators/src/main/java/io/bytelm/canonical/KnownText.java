package io.bytelm.canonical;

import io.bytelm.canonical.NeededContexts.Needed;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.vocab.CanonicalRules;
import java.util.List;

/**
 * A text of which all bytes are known before the model is asked. The ways through it are followed by the rules alone, so that
 * the model need not be asked for what leads nowhere: where the probability at the end is wanted, about one context a token
 * is left. Immutable.
 *
 * @param rules of the tokenizer
 * @param text not to be changed
 * @param places how many bytes are read where the probability is wanted, ascending
 * @param needed the contexts that it takes, each after the one that it grew from; none if the text does not get there
 * @param read how many bytes were followed; if no canonical text begins with all of them, the last one is to blame
 * @param isDead whether that is so
 * @param wholeTo up to how many bytes the model reads whole contexts
 */
public record KnownText(
        CanonicalRules rules, byte[] text, int[] places, List<Needed> needed, int read, boolean isDead, int wholeTo) {
    /**
     * Follows a text to its end, or to where no canonical text goes on.
     *
     * @param text not to be changed
     * @param contextTokens how many tokens of a context the model reads at most
     * @param places how many bytes are read where the probability is wanted, ascending; the last one is all of them
     */
    public static KnownText follow(CanonicalRules rules, byte[] text, long contextTokens, int... places) {
        Heads heads =
                Heads.before(rules, TokenContext.startingWith(rules.vocabulary().bosToken()));
        NeededContexts needed = new NeededContexts(rules.vocabulary());
        int place = 0;
        int read = 0;
        int wholeTo = 0;
        while (read < text.length && !heads.heads().isEmpty()) {
            heads = heads.read(text[read++] & 0xFF);
            while (place < places.length && places[place] <= read) {
                needed.add(heads.heads(), place++, read);
            }
            wholeTo = wholeTo == read - 1 && isWhole(heads.heads(), contextTokens) ? read : wholeTo;
        }
        boolean isDead = heads.heads().isEmpty();
        return new KnownText(rules, text, places, isDead ? List.of() : needed.inOrder(), read, isDead, wholeTo);
    }

    /** Whether the model reads all tokens before each open one. */
    static boolean isWhole(List<Head> heads, long contextTokens) {
        return heads.stream().allMatch(head -> head.isClosed() || head.context().length() <= contextTokens);
    }

    /** For how many of the bytes after the first ones the model has read a shortened context. */
    public int truncatedAfter(int first) {
        return read - Math.max(first, Math.min(wholeTo, read));
    }
}
