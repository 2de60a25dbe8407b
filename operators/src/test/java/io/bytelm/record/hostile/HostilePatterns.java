package io.bytelm.record.hostile;

import java.util.Random;

/** Regular expressions and grammars, as plain text: grown at random, now and then with a wrong piece, seldom very large. */
final class HostilePatterns {
    private static final String[] ATOMS = {
        "a",
        "b",
        "[a-z]",
        "[^a]",
        "[^\\W]",
        ".",
        "\\d",
        "\\W",
        "\\w",
        "\\s",
        "\\p{L}",
        "\\P{L}",
        "\\p{Lu}",
        "\\x41",
        "\\u0041",
        "\\b",
        "^",
        "$",
        "(?i:s)",
        "(?i)\\W",
        "(?=a)",
        "(?!b)",
        "(?<=a)",
        "(?<!a)",
        "[\\d-z]",
        "[z-a]",
        "[]",
        "[^]",
        "\\1",
        "\\",
        "\\Q",
        "\ud83d\ude00",
        "\ud800",
        "(?:",
        ")",
        "]",
        "{",
        "}",
        "*",
        "a{0}",
        "\\uD800",
        "\\x{110000}",
        "\\p{Nope}"
    };
    private static final String[] COUNTS = {
        "",
        "",
        "",
        "*",
        "+",
        "?",
        "{2}",
        "{1,3}",
        "{0,}",
        "{1,10}",
        "{3,1}",
        "{1000}",
        "{1,1000}",
        "{99999999999}",
        "{,2}",
        "*?",
        "++"
    };
    private static final String[] GRAMMAR_ATOMS = {
        "\"a\"",
        "\"\"",
        "[a-z]",
        "[^a]",
        ".",
        "root",
        "x",
        "y",
        "\"\\x41\"",
        "\"\\u00e9\"",
        "[\\n]",
        "missing",
        "\"",
        "[",
        "(",
        "\"\\uD800\"",
        "[z-a]"
    };

    private final Random random;

    HostilePatterns(Random random) {
        this.random = random;
    }

    String regex() {
        return switch (random.nextInt(20)) {
            case 0 -> "(".repeat(1 + random.nextInt(20_000)) + "a" + ")".repeat(random.nextInt(20_000));
            case 1 -> "(\\p{L}{1,10} ){1," + (1 + random.nextInt(40)) + "}\\p{Lu}";
            case 2 -> "a|".repeat(random.nextInt(5_000)) + "b";
            default -> regex(random.nextInt(4));
        };
    }

    private String regex(int depth) {
        StringBuilder regex = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            String atom = depth > 0 && random.nextInt(3) == 0
                    ? "(" + regex(depth - 1) + (random.nextBoolean() ? "|" + regex(depth - 1) : "") + ")"
                    : ATOMS[random.nextInt(random.nextInt(4) == 0 ? ATOMS.length : 13)];
            regex.append(atom).append(COUNTS[random.nextInt(random.nextInt(4) == 0 ? COUNTS.length : 8)]);
        }
        return regex.toString();
    }

    String grammar() {
        if (random.nextInt(20) == 0) {
            return "root ::= " + "(".repeat(random.nextInt(20_000)) + "\"a\"";
        }
        StringBuilder grammar = new StringBuilder("root ::= ").append(alternatives());
        for (String rule : new String[] {"x", "y"}) {
            if (random.nextInt(8) > 0) {
                grammar.append('\n').append(rule).append(" ::= ").append(alternatives());
            }
        }
        return grammar.toString();
    }

    private String alternatives() {
        StringBuilder alternatives = new StringBuilder(sequence());
        for (int i = random.nextInt(3); i > 0; i--) {
            alternatives.append(" | ").append(sequence());
        }
        return alternatives.toString();
    }

    private String sequence() {
        StringBuilder sequence = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int atoms = random.nextInt(6) == 0 ? GRAMMAR_ATOMS.length : 9;
            int counts = random.nextInt(6) == 0 ? COUNTS.length : 8;
            sequence.append(GRAMMAR_ATOMS[random.nextInt(atoms)])
                    .append(COUNTS[random.nextInt(counts)])
                    .append(' ');
        }
        return sequence.toString();
    }
}
