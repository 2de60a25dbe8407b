package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Recursion;
import io.bytelm.constraint.grammar.SchemaCompiler;

/**
 * Context-free grammars in the notation of <a href="https://lark-parser.readthedocs.io/en/latest/grammar.html">Lark</a>, as
 * llguidance and xgrammar extend it, over text in strict UTF-8:
 *
 * <pre>
 * %import common.INT
 * %ignore / +/
 * start: item ("," item)* | "none"i -&gt; nothing   // a comment, as after #
 * ?item: INT | WORD ~ 1..3 | [WORD] "(" start ")" | data
 * data: %json {"type": "object"}
 * WORD: LETTER+ &amp; ~/(the|a)/
 * LETTER: "a".."z" | /[A-Z]/
 * </pre>
 *
 * <ul>
 *   <li>Rules are in lower case, terminals in upper case; {@code start} derives the whole text. Rules may be recursive in every
 *       way, terminals not at all.
 *   <li>{@code ( ) [ ] | * + ?}, {@code ~ 2}, {@code ~ 2..5}, {@code {2,5}}; {@code "..."} and {@code "..."i}; {@code /.../} with the
 *       flags {@code i s u}, the dialect that of {@link io.bytelm.constraint.regex.Regex} but that the dot is all but a line feed;
 *       {@code "a".."z"}; in terminals {@code &} and {@code ~}, all other text in UTF-8; {@code %json} and a JSON Schema
 *   <li>{@code %ignore} is what may come, any number of times, before each terminal and at the end;
 *       {@code %import common.NAME} takes a terminal of Lark's library
 *   <li>Aliases, priorities, the marks {@code ?} and {@code !} before a rule and {@code [capture]} after its name say what to make
 *       of a text, not what it is: they are read and change nothing
 * </ul>
 *
 * Every text that the grammar derives is accepted, and no other one: terminals match in every way (Lark's
 * {@code lexer="dynamic_complete"}), not the longest one first. Refused by name, with line and column: templates,
 * {@code %declare}, {@code %override}, {@code %extend}, {@code %regex}, {@code %lark}, {@code %llguidance}, other imports, special tokens,
 * other options of rules, other flags, anchors and look-arounds.
 */
public final class Lark {
    private Lark() {}

    /**
     * Compiles it on the calling thread. A grammar whose rules need no stack becomes a finite automaton.
     *
     * @param schemas compiles what stands after {@code %json}
     * @throws ConstraintException with line and column, if it is malformed or refused; or if it goes over the limits or
     *     derives nothing
     */
    public static Constraint compile(String grammar, SchemaCompiler schemas, CompileLimits limits) {
        return compile(grammar, schemas, CompileBudget.start(limits));
    }

    /** The same within what is left of a budget. */
    public static Constraint compile(String grammar, SchemaCompiler schemas, CompileBudget budget) {
        return Recursion.bounded(() -> compiled(grammar, schemas, budget));
    }

    private static Constraint compiled(String grammar, SchemaCompiler schemas, CompileBudget budget) {
        Places places = new Places(grammar);
        TokenReader tokens = new TokenReader(Lexer.tokens(grammar, places, budget), places);
        Definitions definitions = new DefinitionParser(tokens, budget).parse();
        return new RuleCompiler(definitions, places, schemas, budget).rules().compile(budget);
    }
}
