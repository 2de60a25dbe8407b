package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import io.bytelm.record.Reading;
import io.bytelm.record.ToldPlaces;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The tokens that have settled between two places of a session's text: with them begin all ways to read it that are still followed.
 * A closed token is never opened again, so they stay, unless a dead end is read on after with other tokenizations.
 */
final class NewlySettled {
    private NewlySettled() {}

    /**
     * Those behind the first {@code told}, which were told before; without those that are of the prompt alone.
     *
     * @param scoredBytes how many bytes of the text were scored
     */
    static List<Token> after(int told, Reading reading, long scoredBytes, Vocabulary vocabulary) {
        int settled = reading.settledTokens();
        Deque<Token> tokens = new ArrayDeque<>();
        if (settled <= told) {
            return List.of();
        }
        TokenContext at = reading.contexts().get(0);
        long end = scoredBytes - reading.openBytes();
        for (; at != null && at.length() > told; at = at.parent()) {
            int id = at.lastToken();
            long from = end - vocabulary.bytes(id).length;
            if (at.length() <= settled && end > 0) {
                tokens.push(new Token(id, from, end));
            }
            end = from;
        }
        return List.copyOf(tokens);
    }

    /**
     * Those that begin behind what was told; without those that are of the prompt alone.
     *
     * @param bytes how many bytes of the text were scored, or left out
     */
    static List<Token> after(ToldPlaces told, Reading reading, long bytes, Vocabulary vocabulary) {
        int settled = reading.settledTokens();
        Deque<Token> tokens = new ArrayDeque<>();
        if (settled == 0) {
            return List.of();
        }
        TokenContext at = reading.contexts().get(0);
        long end = told.endBefore(told.back(bytes, reading.openBytes()));
        for (; at != null && end > 0 && end > told.from(); at = at.parent()) {
            int id = at.lastToken();
            long from = told.back(end, vocabulary.bytes(id).length);
            if (at.length() <= settled && from >= told.from()) {
                tokens.push(new Token(id, from, end));
            }
            end = told.endBefore(from);
        }
        return List.copyOf(tokens);
    }
}
