package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Recursion;

/**
 * Context-free grammars in GBNF, the notation of llama.cpp, over text in strict UTF-8:
 *
 * <pre>
 * # comments, to the end of the line
 * root  ::= "a literal\n" [a-z] [^\x00-\x1F] . (item | other)* item+ item? item{3} item{2,} item{2,5}
 * item  ::= "one" |
 *           "two"
 * other ::= (
 *   "in parentheses rules" go-on "over lines"
 * )
 * go-on ::= item | /a regular (expression)?/i | %json {"type": "integer"}
 * </pre>
 *
 * In slashes stands a {@link io.bytelm.constraint.regex.Regex}, a slash in it as {@code \/}, with the flags {@code i} and {@code s};
 * after {@code %json} a JSON Schema.
 *
 * <p>Escapes are {@code \n \r \t \\ \" \[ \] \-}, {@code \xHH} and u or U before 4 or 8 digits, each a code point. The dot is
 * any code point. The rule {@code root} derives all of the text. Rules may be recursive in every way, and ambiguous; a rule
 * that derives no text at all is dropped. Tokens, {@code <name>} and {@code <[id]>}, are refused.
 *
 * <p>Every text that the grammar derives is accepted, and no other one. The ways to read a text are all followed; a grammar so
 * ambiguous that one byte takes more than a fixed amount of work, or one position more than a fixed amount of memory, ends in a
 * {@link ConstraintException} at that byte, never in a wrong answer (see {@link GrammarWork}).
 */
public final class Gbnf {
    private Gbnf() {}

    /**
     * A grammar whose rules need no stack becomes a finite automaton.
     *
     * @param schemas compiles what stands after {@code %json}
     * @throws ConstraintException with the position in the grammar, if it is malformed, goes over the limits or derives
     *     nothing
     */
    public static Constraint compile(String grammar, SchemaCompiler schemas, CompileLimits limits) {
        return compile(grammar, schemas, CompileBudget.start(limits));
    }

    /** The same where there are no schemas: {@code %json} is refused. */
    public static Constraint compile(String grammar, CompileLimits limits) {
        return compile(grammar, SchemaCompiler.NONE, limits);
    }

    /** The same within what is left of a budget. */
    public static Constraint compile(String grammar, SchemaCompiler schemas, CompileBudget budget) {
        return Recursion.bounded(
                () -> new GbnfParser(grammar, schemas, budget).parse().compile(budget));
    }
}
