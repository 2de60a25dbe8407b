package io.bytelm.lm.djl;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hugging Face's tokenizers library with a token for each byte and no others: an oracle of how it normalizes texts, and of
 * where it cuts them.
 */
public final class TokenizersLibrary implements AutoCloseable {
    private static final String BYTES_AS_TOKENS =
            "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": false, \"use_regex\": false}";

    private final HuggingFaceTokenizer tokenizer;

    private TokenizersLibrary(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * @param normalizer as JSON, or {@code null}
     * @param preTokenizers as JSON, each one the pieces of the one before
     */
    public static TokenizersLibrary with(String normalizer, List<String> preTokenizers) {
        List<String> steps = new ArrayList<>(preTokenizers);
        steps.add(BYTES_AS_TOKENS);
        String vocabulary = IntStream.range(0, 256)
                .mapToObj(b -> quoted(alphabet().substring(b, b + 1)) + ": " + b)
                .collect(Collectors.joining(", "));
        String file = """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": %s,
                 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [%s]}, "post_processor": null, "decoder": null,
                 "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                  "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "vocab": {%s}, "merges": []}}
                """.formatted(normalizer, String.join(", ", steps), vocabulary);
        try {
            Map<String, String> options =
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
            return new TokenizersLibrary(
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(file.getBytes(UTF_8)), options));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** GPT-2's characters for bytes, in the bytes' order. */
    private static String alphabet() {
        StringBuilder characters = new StringBuilder();
        int substitute = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean isPrintable = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
            characters.append((char) (isPrintable ? b : substitute++));
        }
        return characters.toString();
    }

    /** Cut around the matches of a pattern. */
    public static String split(String pattern) {
        return "{\"type\": \"Split\", \"pattern\": {\"Regex\": " + quoted(pattern)
                + "}, \"behavior\": \"Isolated\", \"invert\": false}";
    }

    /** Without the matches of a pattern. */
    public static String without(String pattern) {
        return "{\"type\": \"Replace\", \"pattern\": {\"Regex\": " + quoted(pattern) + "}, \"content\": \"\"}";
    }

    private static String quoted(String pattern) {
        return "\""
                + pattern.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n") + "\"";
    }

    public String normalized(String text) {
        return String.join("", pieces(text));
    }

    /** The pieces of the normalized text. */
    public List<String> pieces(String text) {
        Encoding encoding = tokenizer.encode(text, false, false);
        long[] bytes = encoding.getIds();
        long[] pieceOfByte = encoding.getWordIds();
        List<String> pieces = new ArrayList<>();
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at++) {
            if (at > 0 && pieceOfByte[at] != pieceOfByte[at - 1]) {
                pieces.add(piece.toString(UTF_8));
                piece.reset();
            }
            piece.write((int) bytes[at]);
        }
        if (piece.size() > 0) {
            pieces.add(piece.toString(UTF_8));
        }
        return pieces;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
