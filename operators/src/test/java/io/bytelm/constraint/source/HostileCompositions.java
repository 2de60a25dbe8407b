package io.bytelm.constraint.source;

import java.util.Random;

/** Compositions as a stranger might send them: nested, ambiguous, with counts and fields that are sometimes wrong. */
final class HostileCompositions {
    private static final String[] LEAVES = {
        "\"a\"",
        "\"\"",
        "{\"kind\":\"literal\",\"text_hex\":\"ff00\"}",
        "{\"kind\":\"regex\",\"source\":\"[ab]{0,9}\"}",
        "{\"kind\":\"choices\",\"source\":[\"a\",\"ab\",\"\"]}",
        "{\"kind\":\"json\"}",
        "7",
        "{\"kind\":\"text\"}",
        "{\"kind\":\"json-schema\",\"source\":{\"type\":[\"integer\",\"array\"]}}",
        "{\"kind\":\"regex\",\"source\":\"(\"}",
        "{\"kind\":\"gbnf\",\"source\":\"root ::= \\\"a\\\" root \\\"b\\\" | \\\"\\\"\"}",
        "{\"kind\":\"none\"}",
        "{\"kind\":\"text\",\"until\":[\"b\",\"aa\"],\"utf8\":true}",
        "{\"kind\":\"text\",\"without\":\"abc\"}"
    };
    private static final String[] COUNTS = {"0", "1", "2", "3", "17", "1000", "1000000000", "-1", "null", "1.5"};

    private final Random random;

    HostileCompositions(Random random) {
        this.random = random;
    }

    String composition(int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return LEAVES[random.nextInt(LEAVES.length)];
        }
        return switch (random.nextInt(random.nextInt(12) == 0 ? 7 : 6)) {
            case 0 -> "{\"kind\":\"sequence\",\"items\":" + items(depth) + "}";
            case 1 -> "{\"kind\":\"alternative\",\"items\":" + items(depth) + "}";
            case 2 -> "{\"kind\":\"optional\",\"item\":" + composition(depth - 1) + "}";
            case 3, 4 -> "{\"kind\":\"repeat\",\"item\":" + composition(depth - 1) + counts() + "}";
            case 5 -> regions(depth);
            default -> "{\"kind\":\"optional\",\"items\":[" + composition(depth - 1) + "]}";
        };
    }

    private String items(int depth) {
        StringBuilder items = new StringBuilder("[");
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            items.append(composition(depth - 1)).append(left > 1 ? "," : "");
        }
        return items.append(']').toString();
    }

    private String regions(int depth) {
        String begin = random.nextBoolean() ? "<" : "ab";
        return "{\"kind\":\"regions\",\"triggers\":[{\"begin\":\"" + begin + "\",\"item\":" + composition(depth - 1)
                + ",\"end\":\">\"},{\"begin\":\"b\",\"item\":" + composition(depth - 1) + "}]" + counts() + "}";
    }

    private String counts() {
        String min = COUNTS[random.nextInt(random.nextInt(6) == 0 ? COUNTS.length : 4)];
        String max = COUNTS[random.nextInt(random.nextInt(6) == 0 ? COUNTS.length : 6)];
        return (random.nextBoolean() ? ",\"min\":" + min : "") + (random.nextBoolean() ? ",\"max\":" + max : "");
    }
}
