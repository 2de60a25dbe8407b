package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Recursion;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import io.bytelm.constraint.automaton.TransitionTable;

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
 * go-on ::= item
 * </pre>
 *
 * Escapes are {@code \n \r \t \\ \" \[ \] \-}, {@code \xHH} and u or U before 4 or 8 digits, each a code point. The dot is
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
     * @throws ConstraintException with the position in the grammar, if it is malformed, goes over the limits or derives
     *     nothing
     */
    public static Constraint compile(String grammar, CompileLimits limits) {
        return compile(grammar, CompileBudget.start(limits));
    }

    /** The same within what is left of a budget. */
    public static Constraint compile(String grammar, CompileBudget budget) {
        return Recursion.bounded(() -> compiled(grammar, budget));
    }

    private static Constraint compiled(String grammar, CompileBudget budget) {
        GrammarRules rules = new GbnfParser(grammar, budget).parse();
        RuleTables tables = new GrammarCompiler(rules, budget).compile();
        TransitionTable root = tables.table(rules.root());
        if (tables.callsOf(rules.root()).length == 0) {
            return new DfaConstraint(ByteDfa.ofBytes(root, budget));
        }
        return new GrammarConstraint(new RuleNetwork(tables, rules.root(), budget));
    }
}
