package io.bytelm.job.sql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code WITH} of a model or a table says. Whatever is refused is refused in one line that names the option; the exception has
 * no cause, because Flink's SQL client shows the innermost one.
 */
final class GivenOptions {
    private final Map<String, String> typed;
    private final ReadableConfig config;

    /** @param typed by the options' names */
    GivenOptions(Map<String, String> typed) {
        this.typed = Map.copyOf(typed);
        this.config = Configuration.fromMap(typed);
    }

    boolean has(ConfigOption<?> option) {
        return typed.containsKey(option.key());
    }

    /** The value, or the option's default. */
    <T> T get(ConfigOption<T> option) {
        try {
            return config.get(option);
        } catch (IllegalArgumentException e) {
            throw unreadable(option, e);
        }
    }

    /** The value; null if it was not given and has no default. */
    <T> @Nullable T orNull(ConfigOption<T> option) {
        try {
            return config.getOptional(option).orElse(null);
        } catch (IllegalArgumentException e) {
            throw unreadable(option, e);
        }
    }

    /** A number that lies in a range, both ends included. */
    <T extends Comparable<T>> T within(ConfigOption<T> option, T least, T most) {
        T value = get(option);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw refused(option, "must be from " + least + " to " + most + ", got " + value);
        }
        return value;
    }

    <T extends Comparable<T>> T atLeast(ConfigOption<T> option, T least) {
        T value = get(option);
        if (value.compareTo(least) < 0) {
            throw refused(option, "must be at least " + least + ", got " + value);
        }
        return value;
    }

    /** One of an enumeration's names, in lower case and with dashes. */
    <E extends Enum<E>> E choice(ConfigOption<String> option, Class<E> type) {
        String value = get(option);
        for (E constant : type.getEnumConstants()) {
            if (label(constant).equals(value.toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        List<String> labels = List.of(type.getEnumConstants()).stream()
                .map(GivenOptions::label)
                .toList();
        throw refused(option, "is one of " + String.join(", ", labels) + ", not '" + value + "'");
    }

    /** How an enumeration's constant is spelled in an option. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws ValidationException if one of these is no value of its type */
    void requireReadable(Set<ConfigOption<?>> options) {
        options.forEach(this::get);
    }

    /** @throws ValidationException if one of these was given; {@code why} stands behind the option's name */
    void refuseAll(Set<ConfigOption<?>> options, String why) {
        for (ConfigOption<?> option : options) {
            if (has(option)) {
                throw refused(option, why);
            }
        }
    }

    /** @param why stands behind the option's name */
    static ValidationException refused(ConfigOption<?> option, String why) {
        return new ValidationException("option '" + option.key() + "' " + why);
    }

    private ValidationException unreadable(ConfigOption<?> option, IllegalArgumentException e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return refused(option, "cannot be read from '" + typed.get(option.key()) + "': " + reason.getMessage());
    }
}
