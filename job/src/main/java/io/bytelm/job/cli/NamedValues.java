package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings of a library: {@code NAME=VALUE}, several separated by commas, where values may have commas too. A comma begins a
 * new setting if a name and {@code =} follow; names begin with a small letter. A comma after a backslash is always part of
 * the value.
 */
final class NamedValues {
    /** What marks an option that takes such settings. */
    static final String LABEL = "NAME=VALUE";

    /** After each item of a list in a file: there every item is one setting, whatever commas it has. */
    static final String ITEM_END = "\u001e";

    private static final String NAME = "[a-z][A-Za-z0-9._-]*";
    private static final Pattern BETWEEN_SETTINGS = Pattern.compile("(?<!\\\\),(?=" + NAME + "=)");
    private static final Pattern SETTING = Pattern.compile(NAME + "=.*", Pattern.DOTALL);

    private NamedValues() {}

    /**
     * Names and values, of which the last one of a name counts.
     *
     * @param option named in errors
     * @param given each as typed, or what a file says
     * @throws UserException if one has no name
     */
    static Map<String, String> of(String option, List<String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String text : given) {
            for (String setting : text.endsWith(ITEM_END) ? items(text) : List.of(BETWEEN_SETTINGS.split(text))) {
                int end = setting.indexOf('=');
                if (end < 1) {
                    throw new UserException(option + " must be " + LABEL + ", got '" + setting + "'");
                }
                values.put(
                        setting.substring(0, end).strip(),
                        setting.substring(end + 1).replace("\\,", ","));
            }
        }
        return values;
    }

    /** YAML's short form of a list takes a value with commas apart: what does not begin with a name goes on with it. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(ITEM_END)) {
            int last = items.size() - 1;
            if (last >= 0 && !SETTING.matcher(item).matches()) {
                items.set(last, items.get(last) + "," + item);
            } else {
                items.add(item);
            }
        }
        return items;
    }
}
