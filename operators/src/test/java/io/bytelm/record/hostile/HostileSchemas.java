package io.bytelm.record.hostile;

import java.util.Random;
import java.util.function.Supplier;

/** JSON Schemas, as JSON: keywords of the draft 2020-12 nested at random, with values of the right type or of any other. */
final class HostileSchemas {
    private static final String[] KEYWORDS = {
        "type",
        "properties",
        "required",
        "items",
        "minItems",
        "maxItems",
        "uniqueItems",
        "enum",
        "const",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minProperties",
        "maxProperties",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "$ref",
        "$defs",
        "$anchor",
        "$dynamicRef",
        "$id",
        "contains",
        "minContains",
        "maxContains",
        "prefixItems",
        "unevaluatedProperties",
        "unevaluatedItems",
        "title",
        "default",
        "unknown"
    };
    private static final String[] TYPES = {"object", "array", "string", "number", "integer", "boolean", "null", "date"};
    private static final String[] FORMATS = {
        "date", "date-time", "email", "ipv4", "ipv6", "uuid", "uri", "regex", "nope"
    };

    private final Random random;
    private final HostileNumbers numbers;
    private final HostileTexts texts;
    private final HostilePatterns patterns;

    HostileSchemas(Random random) {
        this.random = random;
        this.numbers = new HostileNumbers(random);
        this.texts = new HostileTexts(random);
        this.patterns = new HostilePatterns(random);
    }

    String schema() {
        if (random.nextInt(30) == 0) {
            int depth = random.nextInt(30_000);
            return "{\"items\":".repeat(depth) + "{}" + "}".repeat(depth);
        }
        String schema = schema(3);
        if (random.nextBoolean() && schema.length() > 2 && schema.startsWith("{")) {
            return "{\"$defs\":{\"a\":" + schema(1) + ",\"discount%\":{\"type\":\"integer\"},\"x/y~z\":true},"
                    + schema.substring(1);
        }
        return schema;
    }

    private String schema(int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return leaf();
        }
        return object(1 + random.nextInt(4), () -> {
            String keyword = KEYWORDS[random.nextInt(KEYWORDS.length)];
            String value = random.nextInt(15) == 0 ? any(2) : valueOf(keyword, depth - 1);
            return "\"" + keyword + "\":" + value;
        });
    }

    private String leaf() {
        return switch (random.nextInt(8)) {
            case 0 -> "true";
            case 1 -> "false";
            case 2 -> "{}";
            case 3 -> "{\"$ref\":" + reference() + "}";
            case 4 -> "{\"type\":\"integer\",\"minimum\":" + numbers.mostlySmall() + "}";
            case 5 -> "{\"type\":\"number\",\"multipleOf\":" + numbers.mostlySmall() + "}";
            case 6 -> "{\"enum\":[" + any(1) + "," + any(1) + "]}";
            default -> "{\"type\":\"string\",\"maxLength\":" + numbers.mostlySmall() + "}";
        };
    }

    private String valueOf(String keyword, int depth) {
        return switch (keyword) {
            case "type" -> random.nextInt(5) == 0 ? list(this::type) : type();
            case "properties", "patternProperties", "dependentSchemas", "$defs" ->
                object(random.nextInt(4), () -> name(keyword) + ":" + schema(depth));
            case "dependentRequired" -> object(random.nextInt(3), () -> texts.name() + ":" + list(texts::name));
            case "required" -> list(texts::name);
            case "anyOf", "oneOf", "allOf", "prefixItems" -> list(() -> schema(depth));
            case "enum" -> list(() -> any(2));
            case "const", "default" -> any(2);
            case "uniqueItems" -> Boolean.toString(random.nextBoolean());
            case "pattern" -> HostileTexts.quoted(patterns.regex());
            case "format" -> "\"" + FORMATS[random.nextInt(FORMATS.length)] + "\"";
            case "$ref", "$dynamicRef" -> reference();
            case "$anchor", "$id", "title" -> texts.text();
            default -> keyword.startsWith("m") || keyword.startsWith("ex") ? numbers.mostlySmall() : schema(depth);
        };
    }

    private String name(String keyword) {
        return keyword.equals("patternProperties") ? HostileTexts.quoted(patterns.regex()) : texts.name();
    }

    private String type() {
        return "\"" + TYPES[random.nextInt(TYPES.length)] + "\"";
    }

    private String reference() {
        return switch (random.nextInt(8)) {
            case 0 -> "\"#\"";
            case 1 -> "\"#/$defs/a\"";
            case 2 -> "\"#/$defs/discount%\"";
            case 3 -> "\"#/$defs/discount%25\"";
            case 4 -> "\"#/$defs/x~1y~0z\"";
            case 5 -> "\"#/properties/a\"";
            case 6 -> "\"http://example.com/s.json\"";
            default -> texts.text();
        };
    }

    /** Any JSON. */
    String any(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> numbers.any();
            case 1 -> texts.text();
            case 2 -> "true";
            case 3 -> "null";
            case 4 -> numbers.small();
            case 5 -> list(() -> any(depth - 1));
            default -> object(random.nextInt(3), () -> texts.name() + ":" + any(depth - 1));
        };
    }

    private String list(Supplier<String> item) {
        StringBuilder list = new StringBuilder("[");
        for (int i = random.nextInt(4); i >= 0; i--) {
            list.append(item.get()).append(i == 0 ? "" : ",");
        }
        return list.append(']').toString();
    }

    private static String object(int members, Supplier<String> member) {
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < members; i++) {
            object.append(i == 0 ? "" : ",").append(member.get());
        }
        return object.append('}').toString();
    }
}
