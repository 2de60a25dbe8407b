package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The strings of JSON Schema's formats. Each is compiled once, when it is first asked for, and charged to no schema, so that it
 * does not matter which schema is the first. Only the formats below are kept, whatever names a schema makes up.
 */
public final class FormatTexts {
    /** Known formats that no automaton of reasonable size decides. */
    public static final Set<String> REFUSED = Set.of("idn-hostname");

    /** Host names without labels in Punycode; not a name of the standard. */
    static final String ASCII_HOSTNAME = "ascii hostname";

    /** Patterns whose groups are at most two deep, and which are patterns with and without the flag {@code u}; not a name of the standard. */
    static final String SIMPLE_PATTERN = "simple pattern";

    private static final int MAX_HOSTNAME_CHARS = 253;
    private static final Map<String, ByteDfa> COMPILED = new ConcurrentHashMap<>();

    private FormatTexts() {}

    /** The strings of a format, of any length; every string if there is no such format. */
    public static ByteDfa find(String name) {
        return COMPILED.containsKey(name) || regex(name) != null
                ? COMPILED.computeIfAbsent(name, FormatTexts::compile)
                : Texts.ANY_STRING;
    }

    /** The most code points that a string of the format has; {@link Integer#MAX_VALUE} for no limit. */
    public static int maxLength(String name) {
        return name.endsWith("hostname") ? MAX_HOSTNAME_CHARS : Integer.MAX_VALUE;
    }

    private static ByteDfa compile(String name) {
        CompileBudget budget = CompileBudget.start(CompileLimits.TRUSTED);
        ByteDfa texts = Texts.matchingInFull(Objects.requireNonNull(regex(name)), budget);
        return name.equals("email")
                ? DfaProduct.intersection(texts, Texts.matchingInFull(NetFormats.SHORT_LOCAL_PART, budget), budget)
                : texts;
    }

    private static @Nullable String regex(String name) {
        return switch (name) {
            case "date" -> DateFormats.DATE;
            case "time" -> DateFormats.TIME;
            case "date-time" -> DateFormats.DATE + "[Tt](" + DateFormats.TIME + ")";
            case "duration" -> DateFormats.DURATION;
            case "uuid" -> "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
            case "ipv4" -> NetFormats.IPV4;
            case "ipv6" -> NetFormats.IPV6;
            case "hostname" -> NetFormats.HOSTNAME;
            case ASCII_HOSTNAME -> NetFormats.ASCII_HOSTNAME;
            case SIMPLE_PATTERN -> PatternFormats.SIMPLE;
            case "email" -> NetFormats.email("");
            case "idn-email" -> NetFormats.email("\\u0080-\\u{10FFFF}");
            case "uri" -> NetFormats.uri("");
            case "uri-reference" -> NetFormats.uriReference("");
            case "iri" -> NetFormats.uri(NetFormats.IRI_CHARACTERS);
            case "iri-reference" -> NetFormats.uriReference(NetFormats.IRI_CHARACTERS);
            case "uri-template" -> NetFormats.URI_TEMPLATE;
            case "json-pointer" -> "(/([^/~]|~[01])*)*";
            case "relative-json-pointer" -> "(0|[1-9][0-9]*)(#|(/([^/~]|~[01])*)*)";
            default -> null;
        };
    }
}
