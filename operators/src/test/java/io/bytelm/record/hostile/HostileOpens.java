package io.bytelm.record.hostile;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Values of {@code open}: every field there is, of the right type or not, in range, at its end or beyond. */
final class HostileOpens {
    private static final String[] KINDS = {"choices", "regex", "json", "json-schema", "json-schema", "regex", "gbnf"};
    private static final String[] OPTIONS = {
        "whitespace", "schema_order", "any_byte", "ignore_case", "search", "annotate_formats", "lenient"
    };
    private static final String[] WHOLE_NUMBERS = {"k", "heal_max_backoff", "heal_max_splits", "top"};
    private static final String[] SHARES = {"prune_threshold"};
    private static final String[] DRAWING_WHOLE_NUMBERS = {"top_k", "seed", "particles"};
    private static final String[] DRAWING_SHARES = {"temperature", "top_p", "min_p"};

    private final Random random;
    private final HostileNumbers numbers;
    private final HostileTexts texts;
    private final HostilePatterns patterns;
    private final HostileSchemas schemas;

    HostileOpens(Random random) {
        this.random = random;
        this.numbers = new HostileNumbers(random);
        this.texts = new HostileTexts(random);
        this.patterns = new HostilePatterns(random);
        this.schemas = new HostileSchemas(random);
    }

    /** JSON, or nearly. */
    String open() {
        if (random.nextInt(40) == 0) {
            return nested();
        }
        StringBuilder open = new StringBuilder("{\"emit\":\"").append(emit()).append('"');
        if (random.nextInt(4) > 0) {
            open.append(",\"mode\":\"")
                    .append(random.nextInt(4) > 0 ? "driven" : "steered")
                    .append('"');
            decodes(open);
        }
        numbers(open, WHOLE_NUMBERS, SHARES);
        if (random.nextInt(3) == 0) {
            open.append(",\"prompt\":").append(texts.text());
        }
        if (random.nextInt(6) == 0) {
            open.append(",\"eos_tokens\":[").append(texts.text()).append(']');
        }
        if (random.nextInt(20) == 0) {
            open.append(',').append(texts.name()).append(':').append(schemas.any(2));
        }
        return open.append('}').toString();
    }

    private void decodes(StringBuilder open) {
        open.append(",\"max_bytes\":").append(random.nextInt(12) == 0 ? numbers.any() : 1 + random.nextInt(40));
        numbers(open, DRAWING_WHOLE_NUMBERS, DRAWING_SHARES);
        if (random.nextInt(8) == 0) {
            open.append(",\"stop\":[").append(texts.text()).append(']');
        }
        if (random.nextInt(6) > 0) {
            open.append(",\"constraint\":").append(constraint());
        }
    }

    private String constraint() {
        String kind = KINDS[random.nextInt(KINDS.length)];
        StringBuilder constraint =
                new StringBuilder("{\"kind\":\"").append(kind).append('"');
        String source = source(kind);
        if (source != null) {
            constraint.append(",\"source\":").append(source);
        }
        if (random.nextInt(20) == 0) {
            constraint
                    .append(",\"")
                    .append(OPTIONS[random.nextInt(OPTIONS.length)])
                    .append("\":true");
        }
        return constraint.append('}').toString();
    }

    private @Nullable String source(String kind) {
        if (random.nextInt(20) == 0) {
            return schemas.any(3);
        }
        return switch (kind) {
            case "choices" -> "[" + texts.text() + "," + texts.text() + "]";
            case "regex" -> HostileTexts.quoted(patterns.regex());
            case "gbnf" -> HostileTexts.quoted(patterns.grammar());
            case "json-schema" -> schemas.schema();
            default -> null;
        };
    }

    /** Most in their range, so that most opens are looked at to their end. */
    private void numbers(StringBuilder open, String[] wholeNumbers, String[] shares) {
        for (String name : wholeNumbers) {
            maybe(open, name, Integer.toString(1 + random.nextInt(8)));
        }
        for (String name : shares) {
            maybe(open, name, "0." + (1 + random.nextInt(99)));
        }
    }

    private void maybe(StringBuilder open, String name, String inRange) {
        if (random.nextInt(6) == 0) {
            String number = random.nextInt(10) == 0 ? numbers.any() : inRange;
            open.append(",\"").append(name).append("\":").append(number);
        }
    }

    private String emit() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> "byte";
            case 3, 4 -> "end";
            case 5 -> random.nextInt(5) == 0 ? "never" : "end";
            default -> "chunk";
        };
    }

    private String nested() {
        int depth = random.nextInt(100_000);
        String opening = random.nextBoolean() ? "[" : "{\"a\":";
        return "{\"mode\":\"driven\",\"constraint\":" + opening.repeat(depth);
    }
}
