package io.bytelm.lm.djl;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The {@code tokenizer.json} of a model directory, run by Hugging Face's own library. */
public final class HuggingFaceTokenizerFile implements CanonicalTokenizer {
    private static final String FILE = "tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;

    private HuggingFaceTokenizerFile(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** @throws ModelException if the directory has no tokenizer that the library can read */
    public static HuggingFaceTokenizerFile open(Path modelDirectory) {
        Path file = modelDirectory.resolve(FILE);
        Map<String, String> options =
                Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false", "modelMaxLength", "-1");
        try {
            return new HuggingFaceTokenizerFile(HuggingFaceTokenizer.newInstance(file, options));
        } catch (IOException | RuntimeException e) {
            throw new ModelException(file + ": the tokenizer library cannot read this file: " + e.getMessage(), e);
        }
    }

    @Override
    public int[] tokens(byte[] text) {
        try {
            long[] ids = tokenizer
                    .encode(new String(text, StandardCharsets.UTF_8), false, false)
                    .getIds();
            int[] tokens = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                tokens[i] = Math.toIntExact(ids[i]);
            }
            return tokens;
        } catch (RuntimeException e) {
            throw new ModelException(
                    "the tokenizer library failed on a text of " + text.length + " bytes: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
