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

    public List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); at++) {
            String found = "";
            for (String token : added) {
                found = text.startsWith(token, at) && token.length() > found.length() ? token : found;
            }
            if (!found.isEmpty()) {
                pieces.addAll(cut(text.substring(from, at)));
                pieces.add(found);
                from = at + found.length();
                at = from - 1;
            }
        }
        pieces.addAll(cut(text.substring(from)));
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
