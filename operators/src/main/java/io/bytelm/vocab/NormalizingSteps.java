package io.bytelm.vocab;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What single steps of a normalizer do to a text. */
final class NormalizingSteps {
    private static final String SPACE_MARKER = "\u2581";
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern LEFT = Pattern.compile("^\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RIGHT = Pattern.compile("\\s+\\z", Pattern.UNICODE_CHARACTER_CLASS);

    private NormalizingSteps() {}

    /** What a step does; null if that is not known. */
    static @Nullable UnaryOperator<String> of(JsonNode step) {
        return switch (step.path("type").asText()) {
            case "ByteLevel" -> text -> text; // writes bytes as characters
            case "NFC" -> form(Form.NFC);
            case "NFD" -> form(Form.NFD);
            case "NFKC" -> form(Form.NFKC);
            case "NFKD" -> form(Form.NFKD);
            case "Lowercase" -> NormalizingSteps::lowerCase;
            case "StripAccents" -> text -> MARKS.matcher(text).replaceAll("");
            case "Strip" -> strip(step);
            case "Prepend" -> prepend(step);
            case "Replace" -> replace(step);
            default -> null;
        };
    }

    private static UnaryOperator<String> form(Form form) {
        return text -> Normalizer.normalize(text, form);
    }

    /** Each character by itself, whatever stands beside it: a sigma at the end of a word is as others. */
    private static String lowerCase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(c -> lower.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }

    private static UnaryOperator<String> strip(JsonNode step) {
        boolean left = step.path("strip_left").asBoolean(true);
        boolean right = step.path("strip_right").asBoolean(true);
        return text -> {
            String rest = left ? LEFT.matcher(text).replaceFirst("") : text;
            return right ? RIGHT.matcher(rest).replaceFirst("") : rest;
        };
    }

    /** Spaces before a text are no part of it. */
    private static @Nullable UnaryOperator<String> prepend(JsonNode step) {
        String prefix = step.path("prepend").asText();
        return prefix.equals(SPACE_MARKER) || prefix.isBlank() ? text -> text : null;
    }

    private static @Nullable UnaryOperator<String> replace(JsonNode step) {
        JsonNode pattern = step.path("pattern").path("String");
        String replaced = pattern.asText();
        String content = step.path("content").asText();
        if (!pattern.isTextual() || replaced.isEmpty() || replaced.contains(SPACE_MARKER)) {
            return null;
        }
        if (content.contains(SPACE_MARKER)) {
            return replaced.equals(" ") && content.equals(SPACE_MARKER) ? text -> text : null;
        }
        return text -> text.replace(replaced, content);
    }
}
