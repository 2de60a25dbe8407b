package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.grammar.EmbeddedText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts a grammar's text into tokens; blanks and comments are left out. Used by one thread. */
final class Lexer {
    private static final int TOKEN_BYTES = 80;
    private static final Pattern SPACE = Pattern.compile("[ \\t\\f]++|(?://|#)[^\\n\\r]*+");
    private static final Pattern NEWLINE = Pattern.compile("\\r?\\n");
    private static final Pattern RULE = Pattern.compile("!?[_?]?[a-z](?:[_a-z0-9]|-(?!>)){0,200}");
    private static final Pattern TERMINAL = Pattern.compile("_?[A-Z](?:[_A-Z0-9]|-(?!>)){0,200}");
    private static final Pattern FLAGS = Pattern.compile("[a-z]*");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");
    private static final Pattern DIRECTIVE = Pattern.compile("%[a-z]+");
    private static final Pattern SIGN = Pattern.compile("->|\\.\\.|::|[:|()\\[\\]{}+*?~.,&=]");

    private final String text;
    private final Places places;
    private final CompileBudget budget;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text, Places places, CompileBudget budget) {
        this.text = text;
        this.places = places;
        this.budget = budget;
    }

    /** The tokens, the last one an {@link Token.Kind#END}. */
    static List<Token> tokens(String text, Places places, CompileBudget budget) {
        Lexer lexer = new Lexer(text, places, budget);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        lexer.add(Token.Kind.NEWLINE, "", text.length());
        lexer.add(Token.Kind.END, "", text.length());
        return lexer.tokens;
    }

    private void add(Token.Kind kind, String word, int begin) {
        budget.tick();
        boolean again = kind == Token.Kind.NEWLINE
                && !tokens.isEmpty()
                && tokens.get(tokens.size() - 1).kind() == kind;
        if (again) {
            return;
        }
        budget.chargeMemory(TOKEN_BYTES + 2L * word.length());
        tokens.add(new Token(kind, word, begin));
    }

    private void next() {
        budget.tick();
        int begin = at;
        if (matched(SPACE) != null) {
            return;
        }
        switch (text.charAt(at)) {
            case '"' -> addString(begin);
            case '/' -> addRegex(begin);
            case '%' -> addDirective(begin);
            case '<' -> throw places.unsupported(begin, "special tokens are not supported: the grammar is about bytes");
            case '@' -> throw places.unsupported(begin, "there are no other grammars to refer to");
            default -> addWord(begin);
        }
    }

    private void addWord(int begin) {
        if (addMatched(Token.Kind.NEWLINE, NEWLINE, begin)
                || addMatched(Token.Kind.RULE, RULE, begin)
                || addMatched(Token.Kind.TERMINAL, TERMINAL, begin)
                || addMatched(Token.Kind.NUMBER, NUMBER, begin)
                || addMatched(Token.Kind.SIGN, SIGN, begin)) {
            return;
        }
        String found = new StringBuilder().appendCodePoint(text.codePointAt(at)).toString();
        throw places.syntax(begin, "\"" + found + "\" means nothing here");
    }

    private boolean addMatched(Token.Kind kind, Pattern pattern, int begin) {
        String word = matched(pattern);
        if (word == null) {
            return false;
        }
        add(kind, word, begin);
        return true;
    }

    private @Nullable String matched(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt() || matcher.end() == at) {
            return null;
        }
        at = matcher.end();
        return matcher.group();
    }

    private void addString(int begin) {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\n') {
                break;
            }
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length() || text.charAt(at) == '\n') {
            throw places.syntax(begin, "the string does not end in its line");
        }
        at++;
        matched(FLAGS);
        add(Token.Kind.STRING, text.substring(begin, at), begin);
    }

    private void addRegex(int begin) {
        int end = EmbeddedText.endOfRegex(text, begin + 1);
        if (end == EmbeddedText.NO_END) {
            throw places.syntax(
                    begin, "the regular expression does not end with a slash in its line; write \\/ for a slash in it");
        }
        at = end + 1;
        matched(FLAGS);
        add(Token.Kind.REGEX, text.substring(begin, at), begin);
    }

    private void addDirective(int begin) {
        String directive = matched(DIRECTIVE);
        if (directive == null) {
            throw places.syntax(begin, "after % comes a directive such as %ignore, %import or %json");
        }
        if (!directive.equals("%json") && !directive.equals("%llguidance")) {
            add(Token.Kind.DIRECTIVE, directive, begin);
            return;
        }
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int end =
                at < text.length() && text.charAt(at) == '{' ? EmbeddedText.endOfObject(text, at) : EmbeddedText.NO_END;
        if (end == EmbeddedText.NO_END) {
            throw places.syntax(begin, "after " + directive + " comes a JSON object in braces");
        }
        boolean schema = directive.equals("%json");
        add(schema ? Token.Kind.JSON : Token.Kind.DIRECTIVE, schema ? text.substring(at, end) : directive, begin);
        at = end;
    }
}
