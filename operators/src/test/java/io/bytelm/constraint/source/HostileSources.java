package io.bytelm.constraint.source;

import java.util.Random;
import java.util.function.Supplier;

/** Sources of every kind as somebody would write them who wants the compiler to fail. Used by one thread. */
final class HostileSources {
    private static final String[] NUMBERS = {
        "0",
        "1",
        "-1",
        "7",
        "0.001",
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "1E+3000000",
        "0e999999999",
        "1e400",
        "2147483647",
        "2147483648",
        "-2147483648",
        "9223372036854775808",
        "1e99999999999",
        "123456789",
        "1.0",
        "-0.0"
    };
    private static final String[] COUNTS = {
        "{0}",
        "{1}",
        "{0,1}",
        "{3,5}",
        "{1000}",
        "{0,1000}",
        "{999999999}",
        "{0,999999999}",
        "{2,1}",
        "{99999999999}",
        "{,3}",
        "*",
        "+",
        "?",
        "{1,}"
    };
    private static final String[] NAMES = {
        "a",
        "b",
        "",
        "100%",
        "%",
        "~",
        "/",
        "a/b~c",
        "\\u0000",
        "\\ud800",
        "\\ude00\\ud83d",
        "\\ud83d\\ude00",
        "é",
        "Aa",
        "BB",
        "$ref",
        "$id",
        "__proto__",
        "\\uffff",
        "\\u202e"
    };
    private static final String[] REFERENCES = {
        "#",
        "#/",
        "#/$defs/a",
        "#/$defs/b",
        "#/$defs/100%",
        "#/$defs/%",
        "#/%zz",
        "#%",
        "#/$defs/%F0%9F",
        "#x",
        "#/items",
        "//%#",
        "http://[",
        "a b",
        "../../..",
        "#/$defs/a~2",
        "#/$defs/é",
        "?",
        "urn:x#/a",
        "#/properties/a/items/0",
        "\\ud800"
    };
    private static final String[] PATTERNS = {
        "^a+$",
        "(a|b)*a(a|b){12}",
        "\\\\p{L}{1,9}",
        "(?<=a)b",
        "(?i)\\\\W",
        "(",
        "\\\\u{110000}",
        "[\\\\ud800-\\\\udfff]",
        "^(a?){500}$",
        "(?!a)",
        "",
        "$^",
        "\\ud800",
        ".{0,400}x"
    };
    private static final String[] FORMATS = {"date", "uuid", "regex", "ipv4", "nothing", "%", "\\ud800"};
    private static final String[] REGEX_PARTS = {
        "a",
        ".",
        "\\p{L}",
        "\\P{Lu}",
        "\\p{Nope}",
        "[^a]",
        "[a-\\x{10FFFF}]",
        "\\W",
        "(?i)",
        "(?s)",
        "(?-i)",
        "^",
        "$",
        "\\b",
        "\\B",
        "(?=a)",
        "(?!.*b)",
        "(?<=c)",
        "(?<!\\p{L}{3})",
        "\uD800",
        "\uDE00x",
        "\uD83D\uDE00",
        "\\ud83d",
        "[\\ud800-\\udfff]",
        "\\1",
        "(?<n>",
        "(?#",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "|",
        "\\",
        "[[:alpha:]]",
        "\\x{",
        "\u0000",
        "\\cA",
        "[\\W\\S]",
        "[^]",
        "[]",
        "(?:)"
    };
    private static final String[] GRAMMAR_PARTS = {
        "\"a\"",
        "\"\"",
        "[a-z]",
        "[^a]",
        ".",
        "x",
        "y",
        "root",
        "z-9",
        "( x | y )",
        "(x y)*",
        "x?",
        "[",
        "\"",
        "(",
        ")",
        "|",
        "\\",
        "<t>",
        "!",
        "\"\\U00110000\"",
        "\"\\ud800\"",
        "[\\ud800]",
        "\"\uD800\"",
        "# \uD800\n",
        "\n",
        "::=",
        "\"\uD83D\uDE00\"",
        "[z-a]",
        "[]"
    };
    private static final String[] DEEP = {"(", "[", "{\"items\":", "{\"not\":", "{\"allOf\":[", "(?:", "((?=", "(a|"};

    private final Random random;

    HostileSources(Random random) {
        this.random = random;
    }

    /** A source of a kind; one in eight has a few characters changed. */
    String of(ConstraintKind kind) {
        String text = whole(kind);
        for (int changes = random.nextInt(8) == 0 ? 3 : 0; changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            text = text.substring(0, at)
                    + (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000)
                    + text.substring(at + 1);
        }
        return text;
    }

    private String whole(ConstraintKind kind) {
        if (random.nextInt(12) == 0) {
            return any(DEEP).repeat(1 + random.nextInt(random.nextBoolean() ? 300 : 20_000));
        }
        return switch (kind) {
            case CHOICES -> "[" + list(1 + random.nextInt(random.nextInt(9) == 0 ? 3_000 : 5), this::value) + "]";
            case REGEX -> regex(3);
            case JSON, JSON_SCHEMA -> schema(4);
            case GBNF -> grammar();
            case LARK -> new HostileLark(random).grammar();
            case COMPOSED -> new HostileCompositions(random).composition(4);
        };
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }

    private String list(int count, Supplier<String> element) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "" : ",").append(element.get());
        }
        return list.toString();
    }

    private String name() {
        return '"' + any(NAMES) + '"';
    }

    private String value() {
        return switch (random.nextInt(9)) {
            case 0 -> any(NUMBERS);
            case 1 -> "[" + list(random.nextInt(3), this::value) + "]";
            case 2 -> "{" + list(random.nextInt(3), () -> name() + ":" + value()) + "}";
            case 3 -> "null";
            default -> '"' + any(NAMES) + random.nextInt(20) + '"';
        };
    }

    private String regex(int depth) {
        StringBuilder regex = new StringBuilder();
        for (int parts = 1 + random.nextInt(5); parts > 0; parts--) {
            boolean group = depth > 0 && random.nextInt(3) == 0;
            regex.append(group ? "(" + regex(depth - 1) + ")" : any(REGEX_PARTS));
            regex.append(random.nextInt(3) == 0 ? any(COUNTS) : "");
        }
        return random.nextInt(30) == 0 ? regex.toString().repeat(200) : regex.toString();
    }

    private String grammar() {
        StringBuilder grammar = new StringBuilder();
        boolean broken = random.nextInt(3) == 0;
        for (String rule : new String[] {"root", "x", "y", "z-9"}) {
            grammar.append(rule).append(" ::= ");
            for (int parts = random.nextInt(6); parts > 0; parts--) {
                int sound = 12; // the first parts are well formed
                grammar.append(broken ? any(GRAMMAR_PARTS) : GRAMMAR_PARTS[random.nextInt(sound)]);
                grammar.append(random.nextInt(4) == 0 ? any(COUNTS) : "").append(random.nextInt(4) == 0 ? " | " : " ");
            }
            grammar.append("\"e\"\n");
        }
        return grammar.toString();
    }

    private String schema(int depth) {
        int keywords = depth == 0 ? 0 : 1 + random.nextInt(random.nextInt(20) == 0 ? 60 : 3);
        return "{" + list(keywords, () -> keyword(depth - 1)) + "}";
    }

    private String keyword(int depth) {
        String[] ofNumbers = {
            "minimum",
            "maximum",
            "multipleOf",
            "exclusiveMinimum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minContains",
            "maxContains"
        };
        String[] ofSchemas = {
            "not",
            "items",
            "additionalProperties",
            "contains",
            "propertyNames",
            "if",
            "then",
            "else",
            "unevaluatedProperties"
        };
        String[] ofLists = {"allOf", "anyOf", "oneOf", "prefixItems"};
        String[] ofMaps = {"properties", "$defs", "dependentSchemas"};
        return switch (random.nextInt(11)) {
            case 0, 1 -> quoted(any(ofNumbers)) + any(NUMBERS);
            case 2 -> quoted(any(ofSchemas)) + schema(depth);
            case 3 -> quoted(any(ofLists)) + "[" + list(random.nextInt(5), () -> schema(depth)) + "]";
            case 4, 5 -> quoted(any(ofMaps)) + "{" + list(random.nextInt(5), () -> name() + ":" + schema(depth)) + "}";
            case 6 -> quoted("patternProperties") + "{\"" + any(PATTERNS) + "\":" + schema(depth) + "}";
            case 7 ->
                quoted(any(new String[] {"$ref", "$ref", "$dynamicRef", "$id", "$anchor"}))
                        + '"'
                        + any(REFERENCES)
                        + '"';
            case 8 -> quoted("pattern") + '"' + any(PATTERNS) + "\"," + quoted("format") + '"' + any(FORMATS) + '"';
            case 9 -> quoted("enum") + "[" + list(random.nextInt(4), this::value) + "]";
            default -> quoted("required") + "[" + list(random.nextInt(3), this::name) + "]";
        };
    }

    private static String quoted(String keyword) {
        return '"' + keyword + "\":";
    }
}
