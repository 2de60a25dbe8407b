package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of a constraint that is of one kind, as they stand in its object.
 *
 * @param flags those that are true, white space apart
 * @param whitespace between the tokens of JSON; null for none
 */
record LeafOptions(Set<ConstraintOption> flags, @Nullable WhitespaceRule whitespace) {
    /** The fields. */
    static final Set<String> NAMES = Arrays.stream(ConstraintOption.values())
            .map(ConstraintOption::label)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> WHITESPACE_FIELDS = Set.of("max", "pattern");

    static LeafOptions read(ConstraintFields fields) {
        Set<ConstraintOption> flags = EnumSet.noneOf(ConstraintOption.class);
        for (ConstraintOption option : ConstraintOption.values()) {
            if (option != ConstraintOption.WHITESPACE && fields.flag(option.label(), false)) {
                flags.add(option);
            }
        }
        return new LeafOptions(flags, whitespace(fields));
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
