package io.bytelm.constraint.composed;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random composition, written as a user does, and what it means. */
record RandomComposition(String json, Language language) {
    private static final List<RandomComposition> LEAVES = List.of(
            new RandomComposition("\"a\"", Language.of("a")),
            new RandomComposition("{\"kind\":\"literal\",\"text_hex\":\"6162\"}", Language.of("ab")),
            new RandomComposition("\"\"", Language.of("")),
            new RandomComposition(
                    "{\"kind\":\"regex\",\"source\":\"a*b?\"}", Language.where(text -> text.matches("a*b?"))),
            new RandomComposition(
                    "{\"kind\":\"choices\",\"source\":[\"a\",\"ab\",\"b1\"]}", Language.of("a", "ab", "b1")),
            new RandomComposition(
                    "{\"kind\":\"gbnf\",\"source\":\"root ::= \\\"a\\\" root \\\"b\\\" | \\\"\\\"\"}",
                    Language.of("", "ab", "aabb")),
            new RandomComposition(
                    "{\"kind\":\"gbnf\",\"source\":\"root ::= \\\"a\\\" root \\\"a\\\" | \\\"b\\\"\"}",
                    Language.of("b", "aba", "aabaa")),
            new RandomComposition("{\"kind\":\"json-schema\",\"source\":{\"enum\":[1,11]}}", Language.of("1", "11")),
            new RandomComposition(
                    "{\"kind\":\"json-schema\",\"source\":{\"multipleOf\":11,\"minimum\":1,\"maximum\":1111,\"type\":\"integer\"}}",
                    Language.of("11", "1111")),
            new RandomComposition("{\"kind\":\"text\"}", Language.where(text -> true)),
            new RandomComposition(
                    "{\"kind\":\"text\",\"without\":\"ab\"}", Language.where(text -> !text.contains("ab"))),
            new RandomComposition(
                    "{\"kind\":\"text\",\"until\":[\"b\",\"ab\"],\"without\":\"11\"}",
                    Language.where(text -> text.matches("(?!.*11)[a1]*b"))),
            new RandomComposition(
                    "{\"kind\":\"text\",\"until\":\"aa\",\"utf8\":true}",
                    Language.where(text -> Language.endOfFirst(text, List.of("aa")) == text.length())));

    private static final List<List<String>> TRIGGERS =
            List.of(List.of("a"), List.of("ab", "b"), List.of("aa", "1"), List.of("ab", "11"), List.of("b", "1a1"));

    static RandomComposition of(Random random, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            return LEAVES.get(random.nextInt(LEAVES.size()));
        }
        return switch (random.nextInt(5)) {
            case 0 -> list("sequence", random, depth);
            case 1 -> list("alternative", random, depth);
            case 2 -> {
                RandomComposition item = of(random, depth - 1);
                yield new RandomComposition(
                        "{\"kind\":\"optional\",\"item\":" + item.json + "}", item.language.times(0, 1));
            }
            case 3 -> {
                RandomComposition item = of(random, depth - 1);
                int min = random.nextInt(3);
                int max = random.nextBoolean() ? Integer.MAX_VALUE : min + random.nextInt(3);
                yield new RandomComposition(
                        "{\"kind\":\"repeat\",\"item\":" + item.json + counts(min, max) + "}",
                        item.language.times(min, max));
            }
            default -> regions(random, depth);
        };
    }

    private static RandomComposition list(String kind, Random random, int depth) {
        RandomComposition first = of(random, depth - 1);
        List<String> items = new ArrayList<>(List.of(first.json));
        Language language = first.language;
        for (int left = random.nextInt(3); left > 0; left--) {
            RandomComposition item = of(random, depth - 1);
            items.add(item.json);
            language = kind.equals("sequence") ? language.then(item.language) : language.or(item.language);
        }
        return new RandomComposition(
                "{\"kind\":\"" + kind + "\",\"items\":[" + String.join(",", items) + "]}", language);
    }

    private static RandomComposition regions(Random random, int depth) {
        List<String> begins = TRIGGERS.get(random.nextInt(TRIGGERS.size()));
        String end = random.nextBoolean() ? "b" : "";
        List<RandomComposition> bodies =
                begins.stream().map(begin -> of(random, depth - 1)).toList();
        List<Language> languages = bodies.stream()
                .map(body -> body.language.then(Language.of(end)))
                .toList();
        int min = random.nextInt(2);
        int max = random.nextBoolean() ? Integer.MAX_VALUE : min + random.nextInt(2);
        String triggers = IntStream.range(0, begins.size())
                .mapToObj(i -> "{\"begin\":\"" + begins.get(i) + "\",\"item\":" + bodies.get(i).json + ",\"end\":\""
                        + end + "\"}")
                .collect(Collectors.joining(","));
        return new RandomComposition(
                "{\"kind\":\"regions\",\"triggers\":[" + triggers + "]" + counts(min, max) + "}",
                Language.regions(begins, languages, min, max));
    }

    private static String counts(int min, int max) {
        return ",\"min\":" + min + (max == Integer.MAX_VALUE ? "" : ",\"max\":" + max);
    }
}
