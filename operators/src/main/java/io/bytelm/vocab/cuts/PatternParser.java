package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.ProgramBuilder.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regular expressions that pretokenizers are written in: alternatives, sets of characters, greedy repetition,
 * groups with or without regard to case, and "not before" one set. All else is refused by name: whatever is read is read as
 * Oniguruma, which the tokenizers library uses, reads it.
 */
final class PatternParser {
    /** Groups in groups are read by a call each, and a file may come from anywhere. */
    private static final int MOST_CHARACTERS = 4096;

    private final String pattern;
    private int at;
    private boolean anyCase;

    private PatternParser(String pattern) {
        this.pattern = pattern;
    }

    /** @throws UnknownPatternException if something in it is not understood */
    static PatternProgram parse(String pattern) {
        PatternParser parser = new PatternParser(pattern);
        if (pattern.length() > MOST_CHARACTERS) {
            throw new UnknownPatternException("more than " + MOST_CHARACTERS + " characters");
        }
        Part whole = parser.alternatives();
        if (parser.at < pattern.length()) {
            throw parser.unknown("a " + pattern.charAt(parser.at));
        }
        PatternProgram program = ProgramBuilder.build(whole);
        if (program.reach(PatternProgram.start(), PatternProgram.END).matches()) {
            throw parser.unknown("a match of no character");
        }
        return program;
    }

    private UnknownPatternException unknown(String what) {
        return new UnknownPatternException(what + " at character " + at + " of the pattern " + pattern);
    }

    private boolean take(String text) {
        boolean there = pattern.startsWith(text, at);
        at += there ? text.length() : 0;
        return there;
    }

    private Part alternatives() {
        List<Part> parts = new ArrayList<>(List.of(sequence()));
        while (take("|")) {
            parts.add(sequence());
        }
        return ProgramBuilder.either(parts);
    }

    private Part sequence() {
        List<Part> parts = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            parts.add(take("(?!") ? notBefore() : quantified(atom()));
        }
        return ProgramBuilder.sequence(parts);
    }

    private Part notBefore() {
        CharacterClass characters = characters();
        close();
        return ProgramBuilder.notBefore(characters);
    }

    private void close() {
        if (!take(")")) {
            throw unknown("a group that goes on");
        }
    }

    private Part atom() {
        boolean before = anyCase;
        if (take("(?i:")) {
            anyCase = true;
        } else if (!take("(?:")) {
            return ProgramBuilder.reading(characters());
        }
        Part group = alternatives();
        close();
        anyCase = before;
        return group;
    }

    private Part quantified(Part part) {
        int least = 1;
        int most = 1;
        if (take("?")) {
            least = 0;
        } else if (take("*")) {
            least = 0;
            most = Integer.MAX_VALUE;
        } else if (take("+")) {
            most = Integer.MAX_VALUE;
        } else if (take("{")) {
            least = number();
            most = take(",") ? number() : least;
            if (!take("}") || most < least) {
                throw unknown("a number of times");
            }
        } else {
            return part;
        }
        if (at < pattern.length() && "?+*{".indexOf(pattern.charAt(at)) >= 0) {
            throw unknown("a possessive, reluctant or double repetition");
        }
        return ProgramBuilder.repeated(part, least, most);
    }

    private int number() {
        int from = at;
        while (at < pattern.length() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9' && at - from < 3) {
            at++;
        }
        if (from == at) {
            throw unknown("a number of times");
        }
        return Integer.parseInt(pattern.substring(from, at));
    }

    /** A character, an escape, or a set of them. */
    private CharacterClass characters() {
        if (take("[")) {
            return set();
        }
        if (at < pattern.length() && "(){}*+?.^$".indexOf(pattern.charAt(at)) >= 0) {
            throw unknown("a " + pattern.charAt(at));
        }
        if (isClass()) {
            return escapedClass();
        }
        int character = literal();
        return anyCase ? CharacterClass.anyCase(character) : CharacterClass.range(character, character);
    }

    private CharacterClass set() {
        boolean negated = take("^");
        List<CharacterClass> parts = new ArrayList<>();
        while (!take("]")) {
            if (pattern.startsWith("[", at) || pattern.startsWith("&&", at)) {
                throw unknown("a set in a set");
            }
            parts.add(isClass() ? escapedClass() : range());
        }
        CharacterClass union = CharacterClass.union(List.copyOf(parts));
        return negated ? union.negated() : union;
    }

    private CharacterClass range() {
        int from = literal();
        boolean isRange = pattern.startsWith("-", at) && !pattern.startsWith("-]", at);
        if (!isRange) {
            return anyCase ? CharacterClass.anyCase(from) : CharacterClass.range(from, from);
        }
        at++;
        if (anyCase) {
            throw unknown("a range without regard to case");
        }
        return CharacterClass.range(from, literal());
    }

    private boolean isClass() {
        return at + 1 < pattern.length() && pattern.charAt(at) == '\\' && "sSpP".indexOf(pattern.charAt(at + 1)) >= 0;
    }

    private CharacterClass escapedClass() {
        at++;
        char kind = pattern.charAt(at++);
        if (Character.toLowerCase(kind) == 's') {
            return kind == 's'
                    ? CharacterClass.whiteSpace()
                    : CharacterClass.whiteSpace().negated();
        }
        int end = take("{") ? pattern.indexOf('}', at) : -1;
        if (end < 0) {
            throw unknown("a property without a name");
        }
        CharacterClass named = GeneralCategories.named(pattern.substring(at, end));
        at = end + 1;
        return kind == 'p' ? named : named.negated();
    }

    private int literal() {
        if (at >= pattern.length()) {
            throw unknown("an end");
        }
        if (!take("\\")) {
            int character = pattern.codePointAt(at);
            at += Character.charCount(character);
            return character;
        }
        char escaped = at < pattern.length() ? pattern.charAt(at++) : 'z';
        return switch (escaped) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            default -> {
                if (Character.isLetterOrDigit(escaped)) {
                    throw unknown("a \\" + escaped);
                }
                yield escaped;
            }
        };
    }
}
