package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recursive descent over the right sides of definitions; one for one grammar. */
final class ItemParser {
    private static final int ITEM_BYTES = 64;
    private static final int MOST_DIGITS = 9;
    private static final String AN_ITEM = "a name, a string, a regular expression, %json or a group";

    private final TokenReader in;
    private final CompileBudget budget;
    private int depth;

    ItemParser(TokenReader in, CompileBudget budget) {
        this.in = in;
        this.budget = budget;
    }

    /** The name of a rule without the marks that say what to make of it in a tree. */
    static String ruleName(String text) {
        int begin = text.startsWith("!") ? 1 : 0;
        return text.substring(text.startsWith("?", begin) ? begin + 1 : begin);
    }

    /** What stands up to the end of the line or the closing bracket. @param nested whether it is in brackets, where lines do not matter */
    Item alternatives(boolean nested) {
        int at = in.peek().at();
        List<Item> branches = new ArrayList<>();
        do {
            branches.add(conjunction(nested));
            if (in.eat("->")) {
                in.expect(Token.Kind.RULE, "the name of an alias");
            }
            skipLines(nested);
            in.skipNewlinesBeforeBar();
        } while (in.eat("|"));
        return branches.size() == 1 ? branches.get(0) : new Item.Alternatives(branches, at);
    }

    private void skipLines(boolean nested) {
        if (nested) {
            in.skipNewlines();
        }
    }

    private Item conjunction(boolean nested) {
        int at = in.peek().at();
        List<Item> parts = new ArrayList<>();
        do {
            parts.add(sequence(nested));
        } while (in.eat("&"));
        return parts.size() == 1 ? parts.get(0) : new Item.Both(parts, at);
    }

    private Item sequence(boolean nested) {
        charge();
        int at = in.peek().at();
        List<Item> parts = new ArrayList<>();
        skipLines(nested);
        for (Item part = item(); part != null; part = item()) {
            parts.add(repeated(part));
            skipLines(nested);
        }
        return parts.size() == 1 ? parts.get(0) : new Item.Sequence(parts, at);
    }

    private void charge() {
        budget.tick();
        budget.chargeMemory(ITEM_BYTES);
    }

    /** Null where the sequence ends. */
    private @Nullable Item item() {
        charge();
        Token token = in.peek();
        return switch (token.kind()) {
            case RULE -> name(in.read(), false);
            case TERMINAL -> name(in.read(), true);
            case STRING -> string(in.read());
            case REGEX -> new Item.Text(in.read());
            case JSON -> new Item.Schema(in.read().text(), token.at());
            case SIGN -> group(token);
            case DIRECTIVE ->
                throw in.places().unsupported(token.at(), token.text() + " is not supported in a definition");
            case NUMBER -> throw in.unexpected(AN_ITEM);
            case NEWLINE, END -> null;
        };
    }

    private Item name(Token token, boolean terminal) {
        return new Item.Name(terminal ? token.text() : ruleName(token.text()), terminal, token.at());
    }

    private Item string(Token first) {
        return in.eat("..")
                ? new Item.Range(first, in.expect(Token.Kind.STRING, "the last character of a range"))
                : new Item.Text(first);
    }

    private @Nullable Item group(Token token) {
        switch (token.text()) {
            case "(" -> {
                return bracketed(")");
            }
            case "[" -> {
                return new Item.Repeat(bracketed("]"), 0, 1, token.at());
            }
            case "~" -> {
                return new Item.Not(negated(), token.at());
            }
            case "|", "&", ")", "]", "->" -> {
                return null;
            }
            default -> throw in.unexpected(AN_ITEM);
        }
    }

    private Item negated() {
        enter();
        Item item = item();
        if (item == null) {
            throw in.unexpected(AN_ITEM + " after ~, or a count after an item");
        }
        depth--;
        return item;
    }

    /** Reads what something begins with that may hold others of its kind. */
    private void enter() {
        int at = in.read().at();
        budget.checkNesting(++depth, () -> in.places().named(at));
    }

    private Item bracketed(String close) {
        enter();
        Item inside = alternatives(true);
        in.expect(close, "at the end of a group");
        depth--;
        return inside;
    }

    private Item repeated(Item item) {
        int at = in.peek().at();
        if (in.eat("*")) {
            return new Item.Repeat(item, 0, Expression.UNBOUNDED, at);
        } else if (in.eat("+")) {
            return new Item.Repeat(item, 1, Expression.UNBOUNDED, at);
        } else if (in.eat("?")) {
            return new Item.Repeat(item, 0, 1, at);
        } else if (in.peek().is("~") && in.peekSecond().kind() == Token.Kind.NUMBER) {
            in.read();
            int min = count(in.read());
            return counted(item, min, in.eat("..") ? count(in.expect(Token.Kind.NUMBER, "a count")) : min, at);
        }
        return in.eat("{") ? counted(item, at) : item;
    }

    private Item counted(Item item, int at) {
        if (!in.peekIs(Token.Kind.NUMBER) && !in.peek().is(",")) {
            throw in.places().unsupported(at, "templates are not supported; in braces stand counts, such as {2,5}");
        }
        int min = in.peekIs(Token.Kind.NUMBER) ? count(in.read()) : 0;
        int max = min;
        if (in.eat(",")) {
            max = in.peekIs(Token.Kind.NUMBER) ? count(in.read()) : Expression.UNBOUNDED;
        }
        in.expect("}", "after the counts");
        return counted(item, min, max, at);
    }

    private Item counted(Item item, int min, int max, int at) {
        if (max < min) {
            throw in.places().syntax(at, "the counts are in the wrong order: " + min + " and " + max);
        }
        return new Item.Repeat(item, min, max, at);
    }

    private int count(Token token) {
        String digits = token.text();
        if (!Character.isDigit(digits.charAt(0)) || digits.length() > MOST_DIGITS) {
            throw in.places().syntax(token.at(), "a count is a whole number of 0 to " + "9".repeat(MOST_DIGITS));
        }
        return Integer.parseInt(digits);
    }
}
