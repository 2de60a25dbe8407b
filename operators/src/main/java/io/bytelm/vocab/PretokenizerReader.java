package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.vocab.cuts.Pretokenizer;
import io.bytelm.vocab.cuts.UnknownPatternException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the pretokenizer of a {@code tokenizer.json}. Normalizers are read as far as they write a text otherwise without
 * changing it; NFC is read as a promise that texts are composed.
 */
record PretokenizerReader(Path file) {
    private static final String SPACE_MARKER = "\u2581";

    /** How GPT-2 cuts, which a ByteLevel step does that does not say otherwise. */
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final String AT_EVERY_SPACE = " ?[^ ]+| ";

    /** @throws VocabularyException if it has a step that is not understood; the message names it */
    Pretokenizer read(TokenizerPipeline pipeline) {
        boolean marksSpaces = false;
        for (JsonNode step : pipeline.normalizers()) {
            marksSpaces |= requireHarmless(step);
        }
        Pretokenizer pretokenizer = Pretokenizer.NONE;
        for (JsonNode step : pipeline.preTokenizers()) {
            pretokenizer = withStep(pretokenizer, step, marksSpaces);
        }
        return pretokenizer;
    }

    /** Whether it writes a marker for spaces. */
    private boolean requireHarmless(JsonNode step) {
        String type = step.path("type").asText();
        boolean replacesSpaces = type.equals("Replace")
                && step.path("pattern").path("String").asText().equals(" ")
                && step.path("content").asText().equals(SPACE_MARKER);
        boolean prepends =
                type.equals("Prepend") && step.path("prepend").asText().equals(SPACE_MARKER);
        if (!replacesSpaces && !prepends && !type.equals("NFC")) {
            throw refused(
                    "normalizer",
                    step,
                    "it changes texts: "
                            + NormalizerDescription.of(List.of(step)).phrase());
        }
        return replacesSpaces;
    }

    private Pretokenizer withStep(Pretokenizer before, JsonNode step, boolean marksSpaces) {
        return switch (step.path("type").asText()) {
            case "ByteLevel" -> step.path("use_regex").asBoolean(true) ? before.then(GPT2, true) : before;
            case "Digits" -> before.then(step.path("individual_digits").asBoolean() ? "\\p{N}" : "\\p{N}+", true);
            case "Metaspace" -> step.path("split").asBoolean(true) ? before.then(AT_EVERY_SPACE, true) : before;
            case "Split" -> withSplit(before, step, marksSpaces);
            default -> throw refused("pretokenizer", step, "it is not one of those that are read byte by byte");
        };
    }

    private Pretokenizer withSplit(Pretokenizer before, JsonNode step, boolean marksSpaces) {
        JsonNode pattern = step.path("pattern");
        String behavior = step.path("behavior").asText();
        boolean invert = step.path("invert").asBoolean();
        if (marksSpaces && pattern.path("String").asText().equals(" ")) {
            return before; // none are left
        }
        boolean keepsAll = behavior.equals("Isolated");
        if (!pattern.path("Regex").isTextual() || !(keepsAll && !invert || behavior.equals("Removed") && invert)) {
            throw refused("pretokenizer", step, "only splits around a regular expression are read byte by byte");
        }
        try {
            return before.then(pattern.path("Regex").asText(), keepsAll);
        } catch (UnknownPatternException e) {
            throw refused("pretokenizer", step, "it has " + e.getMessage());
        }
    }

    private VocabularyException refused(String kind, JsonNode step, String reason) {
        return new VocabularyException(file + ": canonical tokenizations are not followed with the " + kind + " "
                + step.path("type").asText("without a type") + ": " + reason);
    }
}
