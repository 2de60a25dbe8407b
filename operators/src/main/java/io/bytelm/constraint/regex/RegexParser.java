package io.bytelm.constraint.regex;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Recursive descent over alternatives, sequences, quantifiers and groups; one for one pattern. */
final class RegexParser {
    /** A group without text: what it says holds from here to the end of the group around it. */
    private static final Expression FLAGS_ONLY = new Expression.Sequence(List.of());

    /** About what a parsed part takes. */
    private static final int PART_BYTES = 64;

    private final PatternReader in;
    private final RegexOptions options;
    private final CompileBudget budget;
    private final EscapeParser escapes;
    private final ClassParser classes;
    private final Set<String> groupNames = new HashSet<>();
    private Flags flags;
    private int depth;

    RegexParser(String pattern, RegexOptions options, CompileBudget budget) {
        this.in = new PatternReader(pattern);
        this.options = options;
        this.budget = budget;
        this.escapes = new EscapeParser(in, options.anyByte(), budget);
        this.classes = new ClassParser(in, escapes, budget);
        this.flags = new Flags(options.ignoreCase(), options.dotAll(), options.multiline());
    }

    Expression parse() {
        List<Expression> branches = parseBranches();
        if (!in.atEnd()) {
            throw in.syntax("\")\" without \"(\"");
        }
        return options.search() ? Occurrences.of(branches) : new Expression.Alternatives(branches);
    }

    private List<Expression> parseBranches() {
        List<Expression> branches = new ArrayList<>();
        do {
            branches.add(parseSequence());
        } while (in.eat("|"));
        return branches;
    }

    private Expression parseSequence() {
        budget.tick();
        budget.chargeMemory(PART_BYTES);
        List<Expression> parts = new ArrayList<>();
        while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
            budget.tick();
            budget.chargeMemory(PART_BYTES);
            Expression part = parseQuantified();
            if (part != FLAGS_ONLY) {
                parts.add(part);
            }
        }
        return new Expression.Sequence(parts);
    }

    private Expression parseQuantified() {
        Expression atom = parseAtom();
        int at = in.position();
        Quantifier quantifier = Quantifier.parse(in);
        if (quantifier == null) {
            return atom;
        }
        if (atom == FLAGS_ONLY || Assertions.isAssertion(atom)) {
            throw in.syntax(at, "there is nothing to repeat: an assertion cannot be repeated");
        }
        return new Expression.Repeat(atom, quantifier.min(), quantifier.max());
    }

    private Expression parseAtom() {
        int at = in.position();
        int c = in.read();
        return switch (c) {
            case '(' -> parseGroup(at);
            case '[' -> chars(classes.parse(at, flags));
            case '.' -> new Expression.Chars(dot());
            case '^' -> flags.multiline() ? Assertions.lineBegin(lineTerminators()) : Assertions.TEXT_BEGIN;
            case '$' -> flags.multiline() ? Assertions.lineEnd(lineTerminators()) : Assertions.TEXT_END;
            case '\\' -> parseEscape(at);
            case ']' -> throw in.syntax(at, "there is no class that this could end; write \\] for a bracket");
            case '*', '+', '?' -> throw in.syntax(at, "there is nothing to repeat");
            case '{' -> {
                in.backTo(at);
                if (Quantifier.parse(in) != null) {
                    throw in.syntax(at, "there is nothing to repeat; write \\{ for a brace");
                }
                yield chars(CodePointSet.of(in.read()));
            }
            default -> chars(flags.fold(CodePointSet.of(escapes.checkLiteral(c, at)), budget));
        };
    }

    private Expression chars(CodePointSet set) {
        budget.chargeMemory(8L * set.rangeCount());
        return new Expression.Chars(set);
    }

    private CodePointSet lineTerminators() {
        return options.anyByte() ? CharacterSets.ASCII_LINE_TERMINATOR : CharacterSets.LINE_TERMINATOR;
    }

    private CodePointSet dot() {
        if (flags.dotAll()) {
            return CodePointSet.ALL;
        }
        CodePointSet excluded = options.dotButLineFeed() ? CodePointSet.of('\n') : lineTerminators();
        return excluded.complement();
    }

    private Expression parseEscape(int at) {
        return switch (in.peek()) {
            case 'b' -> assertion(Assertions.WORD_BOUNDARY);
            case 'B' -> assertion(Assertions.NO_WORD_BOUNDARY);
            case 'A' -> assertion(Assertions.TEXT_BEGIN);
            case 'z' -> assertion(Assertions.TEXT_END);
            default -> chars(escapes.parse(at, flags));
        };
    }

    private Expression assertion(Expression assertion) {
        in.read();
        return assertion;
    }

    private Expression parseGroup(int at) {
        budget.checkNesting(++depth, at);
        Flags outer = flags;
        Expression group = in.eat("?") ? parseSpecialGroup(at) : parseBody();
        depth--;
        if (group != FLAGS_ONLY) {
            flags = outer;
        }
        return group;
    }

    private Expression parseBody() {
        List<Expression> branches = parseBranches();
        in.expect(")", "at the end of a group");
        return branches.size() == 1 ? branches.get(0) : new Expression.Alternatives(branches);
    }

    private Expression parseSpecialGroup(int at) {
        if (in.eat(":")) {
            return parseBody();
        } else if (in.eat("=")) {
            return new Expression.LookAround(true, false, parseBody());
        } else if (in.eat("!")) {
            return new Expression.LookAround(true, true, parseBody());
        } else if (in.eat("<=")) {
            return new Expression.LookAround(false, false, parseBody());
        } else if (in.eat("<!")) {
            return new Expression.LookAround(false, true, parseBody());
        } else if (in.eat("P<") || in.eat("<")) {
            checkName(in.position(), in.readUntil(">", "a group's name"));
            return parseBody();
        } else if (in.eat("#")) {
            in.readUntil(")", "a comment");
            return FLAGS_ONLY;
        }
        return parseFlags(at);
    }

    private void checkName(int at, String name) {
        if (!name.matches("[\\p{L}_$][\\p{L}\\p{N}_$]*")) {
            throw in.syntax(at, "a group's name must be an identifier");
        }
        if (!groupNames.add(name)) {
            throw in.syntax(at, "two groups have the name " + name);
        }
    }

    private Expression parseFlags(int at) {
        boolean on = true;
        for (int c = in.read(); c != PatternReader.END; c = in.read()) {
            switch (c) {
                case '-' -> on = false;
                case 'i' -> flags = new Flags(on, flags.dotAll(), flags.multiline());
                case 's' -> flags = new Flags(flags.ignoreCase(), on, flags.multiline());
                case 'm' -> flags = new Flags(flags.ignoreCase(), flags.dotAll(), on);
                case ':' -> {
                    return parseBody();
                }
                case ')' -> {
                    return FLAGS_ONLY;
                }
                default -> throw in.unsupported(at, "the group (?" + Character.toString(c));
            }
        }
        throw in.syntax("missing \")\" after flags");
    }
}
