package io.bytelm.vocab.cuts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cuts of a whole text, by the regular expressions of Java: an oracle. */
public record CutsOfJava(List<Pattern> steps, Collection<String> added) {
    public static CutsOfJava of(List<String> steps, Collection<String> added) {
        int flags = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE;
        return new CutsOfJava(
                steps.stream().map(step -> Pattern.compile(step, flags)).toList(), added);
    }

    /** @param isAdded whether it is an added token that was found there */
    public record Piece(String text, boolean isAdded) {}

    public List<String> pieces(String text) {
        return pieces(text, List.of(), 0).stream().map(Piece::text).toList();
    }

    /** @param first tokens that are added too, but found only where they end within so many characters of the text */
    public List<Piece> pieces(String text, Collection<String> first, int length) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            String found = "";
            for (String token : added) {
                found = text.startsWith(token, at) && token.length() > found.length() ? token : found;
            }
            for (String token : first) {
                boolean ends = at + token.length() <= length;
                found = ends && text.startsWith(token, at) && token.length() > found.length() ? token : found;
            }
            if (!found.isEmpty()) {
                cut(text.substring(from, at)).forEach(piece -> pieces.add(new Piece(piece, false)));
                pieces.add(new Piece(found, true));
                from = at + found.length();
                at = from - 1;
            }
        }
        cut(text.substring(from)).forEach(piece -> pieces.add(new Piece(piece, false)));
        return pieces;
    }

    private List<String> cut(String text) {
        List<String> pieces = text.isEmpty() ? List.of() : List.of(text);
        for (Pattern step : steps) {
            pieces = pieces.stream().flatMap(piece -> cut(step, piece).stream()).toList();
        }
        return pieces;
    }

    private static List<String> cut(Pattern step, String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = step.matcher(text);
        int from = 0;
        while (matcher.find()) {
            pieces.add(text.substring(from, matcher.start()));
            pieces.add(matcher.group());
            from = matcher.end();
        }
        pieces.add(text.substring(from));
        pieces.removeIf(String::isEmpty);
        return pieces;
    }
}
