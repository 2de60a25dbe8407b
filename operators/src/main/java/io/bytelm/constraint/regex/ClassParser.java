package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/** Character classes in brackets; the opening bracket has been read. */
final class ClassParser {
    private final PatternReader in;
    private final EscapeParser escapes;

    ClassParser(PatternReader in, EscapeParser escapes) {
        this.in = in;
        this.escapes = escapes;
    }

    /** @param begin where the opening bracket is */
    CodePointSet parse(int begin, Flags flags) {
        boolean negated = in.eat("^");
        List<CodePointSet> members = new ArrayList<>();
        while (!in.eat("]")) {
            if (in.atEnd()) {
                throw in.syntax(begin, "missing \"]\" at the end of a class");
            }
            addMembers(members);
        }
        CodePointSet set = flags.fold(union(members));
        return negated ? set.complement() : set;
    }

    private static CodePointSet union(List<CodePointSet> sets) {
        return CodePointSet.ofBounds(
                sets.stream().flatMapToInt(CodePointSet::bounds).toArray());
    }

    private void addMembers(List<CodePointSet> members) {
        int at = in.position();
        CodePointSet first = parseMember();
        int dash = in.position();
        if (!in.eat("-") || in.looksAt("]")) {
            in.backTo(dash);
            members.add(first);
            return;
        }
        CodePointSet last = parseMember();
        if (isSingle(first) && isSingle(last)) {
            if (first.first(0) > last.first(0)) {
                throw in.syntax(at, "the range of a class is out of order");
            }
            members.add(CodePointSet.range(first.first(0), last.first(0)));
        } else {
            members.add(first.or(last).or(CodePointSet.of('-')));
        }
    }

    private static boolean isSingle(CodePointSet set) {
        return set.rangeCount() == 1 && set.first(0) == set.last(0);
    }

    private CodePointSet parseMember() {
        int at = in.position();
        if (in.looksAt("[:") || in.looksAt("[=") || in.looksAt("[.")) {
            refusePosixClass(at);
        }
        int c = in.read();
        if (c == '\\') {
            if (in.eat("b")) {
                return CodePointSet.of('\b');
            }
            return escapes.parse(at);
        }
        if (c == PatternReader.END) {
            throw in.syntax(at, "missing \"]\" at the end of a class");
        }
        return CodePointSet.of(escapes.checkLiteral(c, at));
    }

    private void refusePosixClass(int at) {
        in.read();
        String kind = Character.toString(in.read());
        String name = in.readDigits(36, Integer.MAX_VALUE);
        if (in.looksAt(kind + "]")) {
            throw in.unsupported(at, "the POSIX class " + name + "; use \\p{...} or ranges");
        }
        in.backTo(at);
    }
}
