package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps around a tokenizer's model, with every {@code Sequence} laid out flat: what tells how its pieces stand for
 * bytes, what it puts before a text, and which token its template begins with.
 */
record TokenizerPipeline(
        List<JsonNode> normalizers,
        List<JsonNode> preTokenizers,
        List<JsonNode> postProcessors,
        List<JsonNode> decoders) {
    private static final String SPACE_MARKER = "\u2581";

    static TokenizerPipeline of(JsonNode tokenizer) {
        return new TokenizerPipeline(
                steps(tokenizer.path("normalizer"), "normalizers"),
                steps(tokenizer.path("pre_tokenizer"), "pretokenizers"),
                steps(tokenizer.path("post_processor"), "processors"),
                steps(tokenizer.path("decoder"), "decoders"));
    }

    private static List<JsonNode> steps(JsonNode step, String children) {
        if (!isOfType(step, "Sequence")) {
            return step.isObject() ? List.of(step) : List.of();
        }
        List<JsonNode> steps = new ArrayList<>();
        step.path(children).forEach(child -> steps.addAll(steps(child, children)));
        return steps;
    }

    private static boolean isOfType(JsonNode step, String type) {
        return type.equals(step.path("type").asText());
    }

    /**
     * How the pieces stand for bytes; null if nothing tells.
     *
     * @param model the tokenizer's {@code model}
     */
    @Nullable
    PieceDecoder pieceDecoder(JsonNode model) {
        if (Stream.of(normalizers, preTokenizers, decoders)
                .flatMap(List::stream)
                .anyMatch(s -> isOfType(s, "ByteLevel"))) {
            return new PieceDecoder.ByteLevel();
        }
        boolean byteFallback =
                model.path("byte_fallback").asBoolean() || decoders.stream().anyMatch(s -> isOfType(s, "ByteFallback"));
        boolean marksSpaces = metaspaces().findAny().isPresent()
                || normalizers.stream().anyMatch(TokenizerPipeline::writesSpaceMarker)
                || decoders.stream().anyMatch(TokenizerPipeline::readsSpaceMarker);
        return byteFallback || marksSpaces ? new PieceDecoder.SentencePiece(spaceMarker(), byteFallback) : null;
    }

    private Stream<JsonNode> metaspaces() {
        return Stream.concat(preTokenizers.stream(), decoders.stream()).filter(s -> isOfType(s, "Metaspace"));
    }

    /** The character that stands for a space in pieces. */
    String spaceMarker() {
        return metaspaces()
                .map(s -> s.path("replacement").asText())
                .filter(marker -> !marker.isEmpty())
                .findFirst()
                .orElse(SPACE_MARKER);
    }

    private static boolean writesSpaceMarker(JsonNode step) {
        return (isOfType(step, "Replace")
                        && SPACE_MARKER.equals(step.path("content").asText()))
                || (isOfType(step, "Prepend")
                        && SPACE_MARKER.equals(step.path("prepend").asText()));
    }

    private static boolean readsSpaceMarker(JsonNode step) {
        return isOfType(step, "Replace")
                && SPACE_MARKER.equals(step.path("pattern").path("String").asText());
    }

    /** Whether any step is ByteLevel, also one that says nothing about pieces. */
    boolean hasByteLevel() {
        return Stream.of(normalizers, preTokenizers, postProcessors, decoders)
                .flatMap(List::stream)
                .anyMatch(step -> isOfType(step, "ByteLevel"));
    }

    /** The bytes that the tokenizer puts before the first word of a text; none if it puts nothing there. */
    byte[] dummyPrefix() {
        for (JsonNode step : normalizers) {
            if (isOfType(step, "Prepend")) {
                return step.path("prepend").asText().replace(spaceMarker(), " ").getBytes(UTF_8);
            }
        }
        boolean space = preTokenizers.stream().anyMatch(TokenizerPipeline::prependsSpace);
        return space ? new byte[] {' '} : new byte[0];
    }

    private static boolean prependsSpace(JsonNode step) {
        if (isOfType(step, "ByteLevel")) {
            return step.path("add_prefix_space").asBoolean();
        }
        if (!isOfType(step, "Metaspace")) {
            return false;
        }
        JsonNode scheme = step.path("prepend_scheme");
        return scheme.isTextual()
                ? !"never".equals(scheme.asText())
                : step.path("add_prefix_space").asBoolean(true); // the older form, true where it is left out
    }

    /** The id of the special token with which the template for one text begins; null without one. */
    @Nullable
    Integer templateBosToken() {
        for (JsonNode step : postProcessors) {
            if (isOfType(step, "TemplateProcessing")) {
                String name = step.path("single")
                        .path(0)
                        .path("SpecialToken")
                        .path("id")
                        .asText();
                JsonNode id = step.path("special_tokens").path(name).path("ids").path(0);
                return id.canConvertToInt() ? id.asInt() : null;
            }
        }
        return null;
    }
}
