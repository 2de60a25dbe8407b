package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.whitespace.Separators;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The options of a constraint that is of one kind, as they stand in its object.
 *
 * @param flags those that are true, white space apart
 * @param whitespace between the tokens of JSON; null for none
 * @param spelling of JSON otherwise
 */
record LeafOptions(Set<ConstraintOption> flags, @Nullable WhitespaceRule whitespace, JsonSpelling spelling) {
    private static final String SEPARATORS = "separators";
    private static final String ESCAPES = "escapes";

    /** The fields that say how JSON is spelled, which only compiling reads. */
    static final Set<String> SPELLING_FIELDS = Set.of(SEPARATORS, ESCAPES);

    /** The fields. */
    static final Set<String> NAMES = Stream.concat(
                    Arrays.stream(ConstraintOption.values()).map(ConstraintOption::label), SPELLING_FIELDS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> SEPARATOR_FIELDS = Set.of("item", "key");
    private static final Set<String> WHITESPACE_FIELDS = Set.of("max", "pattern");

    static LeafOptions read(ConstraintFields fields) {
        Set<ConstraintOption> flags = EnumSet.noneOf(ConstraintOption.class);
        for (ConstraintOption option : ConstraintOption.values()) {
            if (option != ConstraintOption.WHITESPACE && fields.flag(option.label(), false)) {
                flags.add(option);
            }
        }
        WhitespaceRule whitespace = whitespace(fields);
        Separators separators = separators(fields);
        if (whitespace != null && !separators.equals(Separators.COMPACT)) {
            throw ConstraintFields.refused(
                    fields.pointer() + '/' + SEPARATORS,
                    "separators are all the blanks there are; leave out \"whitespace\", or these");
        }
        return new LeafOptions(flags, whitespace, new JsonSpelling(escapes(fields), separators));
    }

    private static @Nullable Escapes escapes(ConstraintFields fields) {
        JsonNode found = fields.get(ESCAPES);
        if (found == null || found.isNull()) {
            return null;
        }
        int place = Escapes.labels().indexOf(found.asText());
        if (place < 0) {
            throw fields.wrong(ESCAPES, found, "one of " + String.join(", ", Escapes.labels()));
        }
        return Escapes.values()[place];
    }

    /** An object, or a list of two as Python's {@code json.dumps} takes it. */
    private static Separators separators(ConstraintFields fields) {
        JsonNode found = fields.get(SEPARATORS);
        if (found == null || found.isNull()) {
            return Separators.COMPACT;
        }
        String allowed = "{\"item\": \", \", \"key\": \": \"} or [\", \", \": \"]";
        boolean isPair = found.isArray()
                && found.size() == 2
                && found.path(0).isTextual()
                && found.path(1).isTextual();
        if (!isPair && !found.isObject()) {
            throw fields.wrong(SEPARATORS, found, allowed);
        }
        ConstraintFields separators = new ConstraintFields(found, fields.pointer() + '/' + SEPARATORS);
        separators.allow(SEPARATOR_FIELDS);
        String item = isPair ? found.path(0).textValue() : separators.text("item", ",");
        String key = isPair ? found.path(1).textValue() : separators.text("key", ":");
        try {
            return Separators.of(item, key);
        } catch (ConstraintException e) {
            throw ConstraintFields.located(separators.pointer(), e);
        }
    }

    private static @Nullable WhitespaceRule whitespace(ConstraintFields fields) {
        String field = ConstraintOption.WHITESPACE.label();
        JsonNode found = fields.get(field);
        if (found == null || found.isBoolean()) {
            return fields.flag(field, false) ? WhitespaceRule.INDENTED : null;
        }
        if (!found.isObject() || found.isEmpty()) {
            throw fields.wrong(
                    field, found, "true, false, or {\"max\": bytes, \"pattern\": regex}, one of these or both");
        }
        ConstraintFields rule = new ConstraintFields(found, fields.pointer() + '/' + field);
        rule.allow(WHITESPACE_FIELDS);
        int max = rule.count("max", WhitespaceRule.DEFAULT_MAX);
        if (max > Whitespace.MOST_BYTES) {
            throw rule.wrong("max", found.path("max"), "a whole number of 0 to " + Whitespace.MOST_BYTES);
        }
        JsonNode pattern = rule.get("pattern");
        if (pattern != null && rule.text("pattern", "").isEmpty()) {
            throw rule.wrong("pattern", pattern, "a regular expression; leave it out for any white space");
        }
        return new WhitespaceRule(rule.text("pattern", ""), max);
    }
}
