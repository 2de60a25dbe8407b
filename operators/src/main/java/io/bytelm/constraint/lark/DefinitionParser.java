package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the lines of a grammar: rules, terminals and directives. Used once. */
final class DefinitionParser {
    private static final String LINE = "the name of a rule or a terminal, or a directive";

    private final TokenReader in;
    private final ItemParser items;
    private final Map<String, Item> rules = new LinkedHashMap<>();
    private final Map<String, Item> terminals = new LinkedHashMap<>();
    private final List<Item> ignored = new ArrayList<>();

    DefinitionParser(TokenReader in, CompileBudget budget) {
        this.in = in;
        this.items = new ItemParser(in, budget);
    }

    Definitions parse() {
        in.skipNewlines();
        while (!in.peekIs(Token.Kind.END)) {
            Token first = in.read();
            switch (first.kind()) {
                case RULE -> define(rules, first, ItemParser.ruleName(first.text()));
                case TERMINAL -> define(terminals, first, first.text());
                case DIRECTIVE -> direct(first);
                default -> throw in.places().syntax(first.at(), "a line begins with " + LINE);
            }
            if (!in.peekIs(Token.Kind.NEWLINE)) {
                throw in.unexpected("the end of the line, or an item");
            }
            in.skipNewlines();
        }
        return new Definitions(rules, terminals, ignored);
    }

    private void define(Map<String, Item> kind, Token token, String name) {
        if (in.peek().is("{") || in.peek().is("::")) {
            throw in.places().unsupported(token.at(), "templates and parameters of rules are not supported");
        }
        if (in.eat("[")) {
            readOptions(token);
        }
        if (in.eat(".")) {
            in.expect(Token.Kind.NUMBER, "a priority"); // which says what to prefer, not what there is
        }
        in.expect(":", "after the name");
        Item body = items.alternatives(false);
        if (kind.putIfAbsent(name, body) != null) {
            throw in.places().syntax(token.at(), name + " is defined twice");
        }
    }

    /** {@code capture} names a part of the output and changes nothing about it. */
    private void readOptions(Token rule) {
        do {
            Token option = in.expect(Token.Kind.RULE, "an option");
            if (!option.text().equals("capture")) {
                throw in.places()
                        .unsupported(
                                option.at(),
                                "the option " + option.text() + " of the rule " + rule.text() + " is not supported");
            }
            if (in.eat("=")) {
                in.expect(Token.Kind.STRING, "a name in quotes");
            }
        } while (in.eat(","));
        in.expect("]", "after the options");
    }

    private void direct(Token directive) {
        switch (directive.text()) {
            case "%ignore" -> ignored.add(items.alternatives(false));
            case "%import" -> importTerminals(directive);
            default ->
                throw in.places()
                        .unsupported(
                                directive.at(),
                                directive.text() + " is not supported; %ignore, %import common and %json are");
        }
    }

    private void importTerminals(Token directive) {
        Token library = in.read();
        if (library.kind() != Token.Kind.RULE || !library.text().equals("common")) {
            throw in.places()
                    .unsupported(directive.at(), "only terminals of common can be imported, as in %import common.INT");
        }
        if (in.eat("(")) {
            do {
                importTerminal(in.expect(Token.Kind.TERMINAL, "the name of a terminal of common"));
            } while (in.eat(","));
            in.expect(")", "after the names");
            return;
        }
        in.expect(".", "after common");
        importTerminal(in.expect(Token.Kind.TERMINAL, "the name of a terminal of common"));
    }

    private void importTerminal(Token name) {
        Item body = CommonTerminals.find(name);
        if (body == null) {
            throw in.places()
                    .syntax(
                            name.at(),
                            "common has no " + name.text() + "; it has " + String.join(", ", CommonTerminals.names()));
        }
        String as = in.eat("->")
                ? in.expect(Token.Kind.TERMINAL, "the name of a terminal").text()
                : name.text();
        if (terminals.putIfAbsent(as, body) != null) {
            throw in.places().syntax(name.at(), as + " is defined twice");
        }
    }
}
