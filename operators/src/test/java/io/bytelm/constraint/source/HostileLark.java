package io.bytelm.constraint.source;

import java.util.Random;

/** Lark grammars that are valid, odd, ambiguous, recursive without an end, or broken. */
final class HostileLark {
    private static final String[] RULES = {"start", "item", "x", "missing"};
    private static final String[] TERMINALS = {"WORD", "NUMBER", "EMPTY", "WS", "NOWHERE"};
    private static final String[] LITERALS = {
        "\"a\"", "\"\"", "\"ab\"i", "\"\\u00e9\"", "/[a-z]+/", "/(a|b)*c/i", "/x{0,300}/", "/(/", "\"a\"..\"z\""
    };
    private static final String[] TIMES = {"", "", "", "?", "*", "+", "~2", "~1..40", "~0..100000", "~3..1", "**"};
    private static final String[] DIRECTIVES = {
        "%ignore WS",
        "%ignore \" \"",
        "%import common.WS",
        "%import common.NUMBER -> NUMBER",
        "%import no.SUCH",
        "%ignore",
        "%declare X"
    };

    private final Random random;

    HostileLark(Random random) {
        this.random = random;
    }

    String grammar() {
        StringBuilder grammar = new StringBuilder();
        for (int rules = 1 + random.nextInt(5); rules > 0; rules--) {
            String name = random.nextInt(3) == 0 ? any(TERMINALS) : rules == 1 ? "start" : any(RULES);
            String modifier = random.nextInt(8) == 0 ? "?" : random.nextInt(8) == 0 ? "!" : "";
            grammar.append(modifier).append(name).append(random.nextInt(12) == 0 ? ".2" : "");
            grammar.append(": ").append(expression(3)).append('\n');
        }
        for (int directives = random.nextInt(3); directives > 0; directives--) {
            grammar.append(any(DIRECTIVES)).append('\n');
        }
        return grammar.toString();
    }

    private String expression(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 7)) {
            case 0 -> any(LITERALS) + any(TIMES);
            case 1 -> any(RULES) + any(TIMES);
            case 2 -> any(TERMINALS) + any(TIMES);
            case 3 -> "(" + expression(depth - 1) + ")" + any(TIMES);
            case 4 -> "[" + expression(depth - 1) + "]";
            case 5 ->
                expression(depth - 1) + " | " + expression(depth - 1) + (random.nextInt(6) == 0 ? " -> alias" : "");
            default -> expression(depth - 1) + " " + expression(depth - 1);
        };
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }
}
