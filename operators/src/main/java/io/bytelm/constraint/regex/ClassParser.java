package io.bytelm.constraint.regex;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/** Character classes in brackets; the opening bracket has been read. */
final class ClassParser {
    private static final int STEPS_PER_RANGE = 8;
    private static final int BYTES_PER_RANGE = 40;

    private final PatternReader in;
    private final EscapeParser escapes;

    private final CompileBudget budget;

    ClassParser(PatternReader in, EscapeParser escapes, CompileBudget budget) {
        this.in = in;
        this.escapes = escapes;
        this.budget = budget;
    }

    /** @param begin where the opening bracket is */
    CodePointSet parse(int begin, Flags flags) {
        boolean negated = in.eat("^");
        List<CodePointSet> members = new ArrayList<>();
        while (!in.eat("]")) {
            if (in.atEnd()) {
                throw in.syntax(begin, "missing \"]\" at the end of a class");
            }
            addMembers(members, flags);
        }
        CodePointSet set = flags.fold(union(members), budget);
        return negated ? set.complement() : set;
    }

    private CodePointSet union(List<CodePointSet> sets) {
        long ranges = sets.stream().mapToLong(CodePointSet::rangeCount).sum();
        budget.tick(STEPS_PER_RANGE * ranges);
        budget.requireMemory(BYTES_PER_RANGE * ranges);
        return CodePointSet.union(sets);
    }

    private void addMembers(List<CodePointSet> members, Flags flags) {
        budget.tick(STEPS_PER_RANGE);
        int at = in.position();
        CodePointSet first = parseMember(flags);
        int dash = in.position();
        if (!in.eat("-") || in.looksAt("]")) {
            in.backTo(dash);
            members.add(first);
            return;
        }
        CodePointSet last = parseMember(flags);
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

    /** A code point as it is written, to be folded with the whole class; or a class escape, which is folded. */
    private CodePointSet parseMember(Flags flags) {
        int at = in.position();
        if (in.looksAt("[:") || in.looksAt("[=") || in.looksAt("[.")) {
            refusePosixClass(at);
        }
        int c = in.read();
        if (c == '\\') {
            if (in.eat("b")) {
                return CodePointSet.of('\b');
            }
            return escapes.parseMember(at, flags);
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
