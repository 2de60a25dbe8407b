package io.bytelm.constraint.lark;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;

/** Refusals with the line and the column of what is refused. */
record Places(String text) {
    ConstraintException syntax(int at, String message) {
        return refused(Reason.SYNTAX, at, message);
    }

    ConstraintException unsupported(int at, String message) {
        return refused(Reason.UNSUPPORTED, at, message);
    }

    /** The refusal of something that stands in the grammar. */
    ConstraintException within(int at, String what, ConstraintException refusal) {
        return refused(refusal.reason(), at, what + ": " + refusal.getMessage());
    }

    private ConstraintException refused(Reason reason, int at, String message) {
        return new ConstraintException(reason, named(at) + ": " + message);
    }

    /** Line and column, which count from 1; a line ends with a line feed. All of the text before is counted for that. */
    String named(int at) {
        int line = 1;
        int begin = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
            line++;
            begin = i + 1;
        }
        return "the grammar, line " + line + ", column " + (1 + text.codePointCount(begin, at));
    }
}
