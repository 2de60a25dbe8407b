package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Reads the {@code vocab-NAME.json} files of the conformance cases. */
public final class RecordedVocabulary {
    private RecordedVocabulary() {}

    public static Vocabulary read(Path file) throws IOException {
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        List<byte[]> tokens = new ArrayList<>();
        for (JsonNode token : json.get("tokens")) {
            tokens.add(HexFormat.of().parseHex(token.asText()));
        }
        return new Vocabulary(
                tokens,
                Collections.nCopies(tokens.size(), TokenKind.NORMAL),
                json.get("bos").asInt(),
                new byte[0]);
    }
}
