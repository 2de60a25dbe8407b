package io.bytelm.constraint.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Draws schemas of a few keys and items, so that every combination of the keywords that count them occurs. */
final class RandomSchema {
    private static final List<String> NAMES = List.of("a", "aa", "ab", "b", "ba", "c");
    private static final List<String> PATTERNS = List.of("^a", "b", "^[ab]$", "^.{2}$", "^b*$", "^(aaa|b)$", "a$");
    private static final List<String> VALUES = List.of(
            "{`const`:1}",
            "{`const`:`x`}",
            "{`enum`:[1,null]}",
            "{`type`:`null`}",
            "{`type`:`boolean`}",
            "{`enum`:[`xyz`,false,12]}",
            "{`type`:`integer`}",
            "{`type`:`string`,`maxLength`:2}",
            "{`not`:{`type`:[`string`,`object`,`array`,`number`]}}",
            "true",
            "false");

    private final Random random;

    RandomSchema(Random random) {
        this.random = random;
    }

    String next(int depth) {
        int kind = random.nextInt(depth > 1 ? 4 : 9);
        String schema = switch (kind) {
            case 0, 1, 2 -> pick(VALUES);
            case 3, 4, 5, 6 -> object(depth);
            case 7 -> random.nextBoolean() ? array(depth) : objectOrArray(depth);
            default ->
                "{`" + pick(List.of("anyOf", "oneOf", "allOf")) + "`:[" + next(depth + 1) + "," + next(depth + 1)
                        + "]}";
        };
        return schema.replace('`', '"');
    }

    String object(int depth) {
        List<String> keywords = new ArrayList<>(List.of("`type`:`object`"));
        addObjectKeywords(keywords, depth);
        return schema(keywords);
    }

    String array(int depth) {
        List<String> keywords = new ArrayList<>(List.of("`type`:`array`"));
        addArrayKeywords(keywords, depth);
        return schema(keywords);
    }

    /** The keywords of both, which say nothing about values of other types. */
    String objectOrArray(int depth) {
        List<String> keywords = new ArrayList<>();
        maybe(keywords, 0.6, () -> "`type`:[`object`,`array`,`null`]");
        addObjectKeywords(keywords, depth);
        addArrayKeywords(keywords, depth);
        return schema(keywords);
    }

    private static String schema(List<String> keywords) {
        return ("{" + String.join(",", keywords) + "}").replace('`', '"');
    }

    private void addObjectKeywords(List<String> keywords, int depth) {
        maybe(keywords, 0.7, () -> "`properties`:{" + members(NAMES, depth) + "}");
        maybe(keywords, 0.4, () -> "`patternProperties`:{" + members(PATTERNS, depth) + "}");
        maybe(keywords, 0.4, () -> "`required`:" + names());
        maybe(keywords, 0.5, () -> "`minProperties`:" + random.nextInt(5));
        maybe(keywords, 0.3, () -> "`maxProperties`:" + (1 + random.nextInt(5)));
        maybe(keywords, 0.3, () -> "`dependentRequired`:{`" + pick(NAMES) + "`:" + names() + "}");
        maybe(keywords, 0.5, () -> "`additionalProperties`:" + next(depth + 1));
        maybe(keywords, 0.15, () -> "`not`:{`additionalProperties`:" + pick(VALUES) + "}");
        maybe(
                keywords,
                0.15,
                () -> "`allOf`:[{`not`:{`properties`:{`a`:true},`patternProperties`:{`" + pick(PATTERNS)
                        + "`:true},`additionalProperties`:" + pick(VALUES) + "}}]");
        maybe(
                keywords,
                0.6,
                () -> "`propertyNames`:{`pattern`:`^[abc]{" + random.nextInt(2) + "," + (1 + random.nextInt(4))
                        + "}$`}");
    }

    private void addArrayKeywords(List<String> keywords, int depth) {
        maybe(keywords, 0.6, () -> "`prefixItems`:" + items(depth));
        maybe(keywords, 0.6, () -> "`items`:" + next(depth + 1));
        maybe(keywords, 0.3, () -> "`uniqueItems`:true");
        maybe(keywords, 0.4, () -> "`contains`:" + next(depth + 1));
        maybe(
                keywords,
                0.2,
                () -> "`allOf`:[{`contains`:" + next(depth + 1) + "},{`contains`:" + pick(VALUES) + ",`minContains`:"
                        + random.nextInt(3) + ",`maxContains`:2}]");
        maybe(keywords, 0.4, () -> "`minContains`:" + random.nextInt(4));
        maybe(keywords, 0.3, () -> "`maxContains`:" + (1 + random.nextInt(3)));
        maybe(keywords, 0.4, () -> "`minItems`:" + random.nextInt(4));
        maybe(keywords, 0.4, () -> "`maxItems`:" + (1 + random.nextInt(4)));
    }

    private void maybe(List<String> keywords, double share, Supplier<String> keyword) {
        if (random.nextDouble() < share) {
            keywords.add(keyword.get());
        }
    }

    private String members(List<String> keys, int depth) {
        List<String> members = new ArrayList<>();
        for (String key : keys) {
            if (random.nextInt(5) < 2) {
                members.add("`" + key + "`:" + next(depth + 1));
            }
        }
        return String.join(",", members);
    }

    private String items(int depth) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            items.add(next(depth + 1));
        }
        return items.toString();
    }

    private String names() {
        List<String> names = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(4) == 0) {
                names.add("`" + name + "`");
            }
        }
        return names.toString();
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
