package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the added tokens that are found in texts. One that is written with the marker for spaces is not: a text that has the
 * marker itself is not spelled by it.
 *
 * @param normalizes whether texts are changed before some of them are sought
 */
record AddedTokensReader(Path file, Vocabulary vocabulary, boolean normalizes) {
    /**
     * The bytes of each token, by id.
     *
     * @throws VocabularyException if one is not found as it stands; the message names it
     */
    Map<Integer, byte[]> read(JsonNode addedTokens, Tokenizer tokenizer) {
        Map<Integer, byte[]> found = new HashMap<>();
        List<byte[]> inText = new ArrayList<>();
        List<byte[]> later = new ArrayList<>();
        for (JsonNode token : addedTokens) {
            String content = token.path("content").asText();
            Integer id = tokenizer.idOf(content);
            byte[] bytes = content.getBytes(UTF_8);
            if (id == null || id >= vocabulary.size() || !Arrays.equals(vocabulary.bytes(id), bytes)) {
                continue;
            }
            requireAsItStands(token, content);
            found.put(id, bytes);
            (token.path("normalized").asBoolean() ? later : inText).add(bytes);
        }
        requireApart(inText, later);
        return found;
    }

    private void requireAsItStands(JsonNode token, String content) {
        for (String option : List.of("lstrip", "rstrip", "single_word")) {
            if (token.path(option).asBoolean()) {
                throw refused(content, "has " + option + ": what it is depends on the spaces and words around it");
            }
        }
        if (normalizes
                && token.path("normalized").asBoolean()
                && !content.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw refused(content, "is sought in the normalized text");
        }
    }

    /** Those that are found in the text as it stands come first, which shows only where both kinds overlap. */
    private void requireApart(List<byte[]> inText, List<byte[]> later) {
        for (byte[] one : inText) {
            for (byte[] other : later) {
                if (overlap(one, other) || overlap(other, one)) {
                    throw refused(
                            new String(other, UTF_8),
                            "is sought in what is left after " + Quoted.text(new String(one, UTF_8))
                                    + " has been found, and both overlap");
                }
            }
        }
    }

    /** Whether the one begins within the other. */
    private static boolean overlap(byte[] one, byte[] other) {
        for (int at = 0; at < other.length; at++) {
            int shared = Math.min(one.length, other.length - at);
            if (Arrays.equals(one, 0, shared, other, at, at + shared)) {
                return true;
            }
        }
        return false;
    }

    private VocabularyException refused(String content, String reason) {
        return new VocabularyException(file + ": canonical tokenizations are not followed: the added token "
                + Quoted.text(content) + " " + reason);
    }
}
