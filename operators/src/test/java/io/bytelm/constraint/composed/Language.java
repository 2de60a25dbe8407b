package io.bytelm.constraint.composed;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A finite part of a language, by its texts: all that are not longer than {@link #LONGEST} and use no other letters. */
record Language(Set<String> texts) {
    static final int LONGEST = 5;
    static final String LETTERS = "ab1";
    static final List<String> ALL = all();

    private static List<String> all() {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int i = 0; texts.get(i).length() < LONGEST; i++) {
            for (char letter : LETTERS.toCharArray()) {
                texts.add(texts.get(i) + letter);
            }
        }
        return List.copyOf(texts);
    }

    static Language where(Predicate<String> contained) {
        return new Language(new TreeSet<>(ALL.stream().filter(contained).toList()));
    }

    static Language of(String... texts) {
        return new Language(new TreeSet<>(Set.of(texts)));
    }

    Language or(Language that) {
        Set<String> both = new TreeSet<>(texts);
        both.addAll(that.texts);
        return new Language(both);
    }

    Language then(Language that) {
        Set<String> joined = new TreeSet<>();
        for (String first : texts) {
            for (String second : that.texts) {
                if (first.length() + second.length() <= LONGEST) {
                    joined.add(first + second);
                }
            }
        }
        return new Language(joined);
    }

    Language times(int min, int max) {
        Language power = of("");
        for (int i = 0; i < min; i++) {
            power = power.then(this);
        }
        Language sum = power;
        for (int i = min; i < Math.min(max, min + LONGEST); i++) {
            power = power.then(this);
            sum = sum.or(power);
        }
        return sum;
    }

    /** Free text in which these strings open regions with these bodies. */
    static Language regions(List<String> begins, List<Language> bodies, int min, int max) {
        return where(text -> isRegions(text, begins, bodies, min, max));
    }

    private static boolean isRegions(String text, List<String> begins, List<Language> bodies, int min, int max) {
        int end = endOfFirst(text, begins);
        if (end < 0) {
            return min <= 0;
        }
        int opened = longestEndingAt(text.substring(0, end), begins);
        for (int split = end; split <= text.length() && max > 0; split++) {
            if (bodies.get(opened).texts.contains(text.substring(end, split))
                    && isRegions(
                            text.substring(split), begins, bodies, min - 1, max == Integer.MAX_VALUE ? max : max - 1)) {
                return true;
            }
        }
        return false;
    }

    /** Where the first of some strings ends that occurs; -1 if none does. */
    static int endOfFirst(String text, List<String> strings) {
        for (int end = 0; end <= text.length(); end++) {
            if (longestEndingAt(text.substring(0, end), strings) >= 0) {
                return end;
            }
        }
        return -1;
    }

    private static int longestEndingAt(String text, List<String> strings) {
        int longest = -1;
        for (int i = 0; i < strings.size(); i++) {
            if (text.endsWith(strings.get(i))
                    && (longest < 0
                            || strings.get(i).length() > strings.get(longest).length())) {
                longest = i;
            }
        }
        return longest;
    }
}
