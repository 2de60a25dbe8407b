package io.bytelm.constraint.regex;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether a text is a pattern of ECMA-262 (section 22.2.1), with or without the flag {@code u}; what only browsers take (annex B) is
 * none. Used by one thread.
 */
public final class EcmaPattern {
    private static final String SYNTAX = "^$\\.*+?()[]{}|";
    private static final int MOST_NESTING = 500;

    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Malformed() {
            super(null, null, false, false);
        }
    }

    private final PatternCursor in;
    private final PatternEscapes escapes;
    private int groups;
    private int depth;

    private EcmaPattern(String pattern, boolean unicode) {
        this.in = new PatternCursor(pattern, unicode);
        this.escapes = new PatternEscapes(in);
    }

    public static boolean isValid(String pattern) {
        return isValid(pattern, true) || isValid(pattern, false);
    }

    private static boolean isValid(String pattern, boolean unicode) {
        try {
            EcmaPattern parser = new EcmaPattern(pattern, unicode);
            Set<String> names = parser.disjunction();
            return parser.in.atEnd() && parser.escapes.refersTo(parser.groups, names);
        } catch (Malformed malformed) {
            return false;
        }
    }

    static RuntimeException malformed() {
        return new Malformed();
    }

    /** The names of its groups: in two alternatives they may be the same. */
    private Set<String> disjunction() {
        if (++depth > MOST_NESTING) {
            throw malformed();
        }
        Set<String> names = new HashSet<>(alternative());
        while (in.take('|')) {
            names.addAll(alternative());
        }
        depth--;
        return names;
    }

    private Set<String> alternative() {
        Set<String> names = new HashSet<>();
        while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
            for (String name : term()) {
                if (!names.add(name)) {
                    throw malformed();
                }
            }
        }
        return names;
    }

    private Set<String> term() {
        if (in.take('^') || in.take('$') || in.take("\\b") || in.take("\\B")) {
            return Set.of();
        }
        if (in.take("(?=") || in.take("(?!") || in.take("(?<=") || in.take("(?<!")) {
            return closed(disjunction());
        }
        Set<String> names = atom();
        if (in.take('*') || in.take('+') || in.take('?') || count()) {
            in.take('?');
        }
        return names;
    }

    private Set<String> closed(Set<String> names) {
        in.require(')');
        return names;
    }

    private Set<String> atom() {
        if (in.take('(')) {
            return group();
        }
        if (in.take('[')) {
            new PatternClass(in, escapes).read();
        } else if (in.take('\\')) {
            escapes.ofAtom();
        } else if (!in.take('.') && SYNTAX.indexOf(in.next()) >= 0) {
            throw malformed();
        }
        return Set.of();
    }

    private Set<String> group() {
        if (!in.take('?')) {
            groups++;
            return closed(disjunction());
        }
        if (in.take('<')) {
            groups++;
            String name = in.name();
            Set<String> names = closed(disjunction());
            if (!names.add(name)) {
                throw malformed();
            }
            return names;
        }
        modifiers();
        return closed(disjunction());
    }

    /** {@code ?:}, or flags that hold within the group: {@code ?i-ms:}. */
    private void modifiers() {
        Set<Integer> seen = new HashSet<>();
        boolean minus = false;
        while (!in.take(':')) {
            boolean wasMinus = minus;
            minus |= in.take('-');
            if (minus == wasMinus) {
                int flag = in.next();
                if ("ims".indexOf(flag) < 0 || !seen.add(flag)) {
                    throw malformed();
                }
            }
        }
        if (minus && seen.isEmpty()) {
            throw malformed();
        }
    }

    private boolean count() {
        if (!in.take('{')) {
            return false;
        }
        String least = in.digits();
        String most = in.take(',') ? (in.peek() == '}' ? null : in.digits()) : least;
        in.require('}');
        if (most != null && new java.math.BigInteger(least).compareTo(new java.math.BigInteger(most)) > 0) {
            throw malformed();
        }
        return true;
    }
}
