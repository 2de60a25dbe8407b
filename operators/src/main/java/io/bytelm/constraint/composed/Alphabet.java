package io.bytelm.constraint.composed;

import static io.bytelm.constraint.automaton.Expression.UNBOUNDED;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointEncoding;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.RawBytes;
import io.bytelm.constraint.automaton.Utf8;

/** What free text is made of. */
public enum Alphabet {
    /** Any bytes. */
    BYTES(RawBytes.INSTANCE),
    /** Whole characters in strict UTF-8. */
    UTF_8(Utf8.INSTANCE);

    private final ByteDfa texts;

    Alphabet(CodePointEncoding encoding) {
        Expression any = new Expression.Repeat(new Expression.Chars(encoding.universe()), 0, UNBOUNDED);
        this.texts = ExpressionCompiler.compile(any, encoding, CompileBudget.start(CompileLimits.TRUSTED));
    }

    /** The automaton of all texts. */
    ByteDfa texts() {
        return texts;
    }
}
