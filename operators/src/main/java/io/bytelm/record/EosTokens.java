package io.bytelm.record;

import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Finds the tokens that users name by their bytes. */
final class EosTokens {
    private EosTokens() {}

    /**
     * The ids of all tokens whose bytes are one of these.
     *
     * @throws IllegalArgumentException if no token has just these bytes; the message names them
     */
    static int[] idsOf(List<byte[]> eosTokens, Vocabulary vocabulary) {
        return eosTokens.stream()
                .flatMapToInt(bytes -> Arrays.stream(idsOf(bytes, vocabulary)))
                .toArray();
    }

    private static int[] idsOf(byte[] bytes, Vocabulary vocabulary) {
        int[] ids = bytes.length == 0 ? new int[0] : vocabulary.idsOf(bytes);
        if (ids.length == 0) {
            throw new IllegalArgumentException("no token of the model's vocabulary is \""
                    + new String(bytes, StandardCharsets.UTF_8) + "\" (hex "
                    + HexFormat.of().formatHex(bytes) + ")");
        }
        return ids;
    }
}
