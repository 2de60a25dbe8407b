package io.bytelm.vocab;

import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a tokenizer's normalizer does to a text before it is cut into tokens, for people. Bytes are scored as they come: a
 * text that the normalizer would change is a text that the model saw written otherwise.
 *
 * @param phrase one line, such as {@code composes characters (NFC), makes letters lower case}; {@code changes nothing}
 *     where there is no normalizer, or only one that writes spaces or bytes by other characters
 * @see <a href="https://huggingface.co/docs/tokenizers/api/normalizers">the normalizers of tokenizers</a>
 */
public record NormalizerDescription(String phrase) {
    private static final String NOTHING = "changes nothing";
    private static final String SPACE_MARKER = "\u2581";

    /**
     * Describes that of a model in a Hugging Face directory.
     *
     * @throws VocabularyException if its {@code tokenizer.json} (or {@code tokenizer.json.gz}) is missing or damaged
     */
    public static NormalizerDescription ofModelDirectory(Path directory) {
        return read(VocabularyReader.tokenizerFile(directory));
    }

    /**
     * Describes that of a {@code tokenizer.json}, plain or gzipped.
     *
     * @throws VocabularyException if the file is missing or damaged
     */
    public static NormalizerDescription read(Path file) {
        return of(TokenizerPipeline.of(JsonFile.read(file, new WithoutVocabulary()))
                .normalizers());
    }

    /** @param steps in their order, none of them a {@code Sequence} */
    static NormalizerDescription of(List<JsonNode> steps) {
        String phrase = steps.stream()
                .map(NormalizerDescription::described)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
        return new NormalizerDescription(phrase.isEmpty() ? NOTHING : phrase);
    }

    private static @Nullable String described(JsonNode step) {
        String type = step.path("type").asText();
        return switch (type) {
            case "ByteLevel" -> null;
            case "NFC" -> "composes characters (NFC)";
            case "NFD" -> "decomposes characters (NFD)";
            case "NFKC" -> "composes characters and replaces compatible ones (NFKC)";
            case "NFKD" -> "decomposes characters and replaces compatible ones (NFKD)";
            case "Precompiled" -> "replaces characters by SentencePiece's own table (Precompiled, near NFKC)";
            case "Nmt" -> "removes control characters and makes all white space spaces (Nmt)";
            case "Lowercase" -> "makes letters lower case";
            case "StripAccents" -> "removes accents";
            case "BertNormalizer" -> bert(step);
            case "Strip" -> strip(step);
            case "Prepend" -> "puts " + quoted(step.path("prepend")) + " before the text";
            case "Replace" -> replace(step);
            default -> "does " + (type.isEmpty() ? "what it does not name" : type);
        };
    }

    private static @Nullable String bert(JsonNode step) {
        boolean lowercase = step.path("lowercase").asBoolean(true);
        String phrases = Stream.of(
                        step.path("clean_text").asBoolean(true) ? "removes control characters" : "",
                        step.path("handle_chinese_chars").asBoolean(true) ? "puts spaces around CJK characters" : "",
                        step.path("strip_accents").asBoolean(lowercase) ? "removes accents" : "",
                        lowercase ? "makes letters lower case" : "")
                .filter(phrase -> !phrase.isEmpty())
                .collect(Collectors.joining(", "));
        return phrases.isEmpty() ? null : phrases;
    }

    private static @Nullable String strip(JsonNode step) {
        boolean left = step.path("strip_left").asBoolean(true);
        boolean right = step.path("strip_right").asBoolean(true);
        if (!left && !right) {
            return null;
        }
        return "removes white space at the " + (left && right ? "start and the end" : left ? "start" : "end");
    }

    /** Writing spaces as the marker is undone where the pieces are read, so it changes no text. */
    private static @Nullable String replace(JsonNode step) {
        JsonNode pattern = step.path("pattern");
        JsonNode text = pattern.path("String");
        JsonNode content = step.path("content");
        if (text.asText().equals(" ") && content.asText().equals(SPACE_MARKER)) {
            return null;
        }
        String what = text.isTextual() ? quoted(text) : "what matches " + quoted(pattern.path("Regex"));
        return content.asText().isEmpty() ? "removes " + what : "replaces " + what + " by " + quoted(content);
    }

    /** In quotation marks, spaces as spaces, on one line whatever it holds. */
    private static String quoted(JsonNode text) {
        return TextNode.valueOf(text.asText().replace(SPACE_MARKER, " ")).toString();
    }

    /** Leaves out the model and the added tokens: nearly all of the file. */
    private static final class WithoutVocabulary extends TokenFilter {
        @Override
        public @Nullable TokenFilter includeProperty(String name) {
            return name.equals("model") || name.equals("added_tokens") ? null : TokenFilter.INCLUDE_ALL;
        }
    }
}
