package io.bytelm.job.cli;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.bytelm.job.UserException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * A YAML file with a command's options: {@code name: value}, the names being those of the command line without the dashes.
 * Values stand in for options that the command line does not give.
 */
final class ConfigFile {
    private final Path file;
    private final Map<String, Entry> entries;

    /** @param listed whether the values are a list of the file's */
    private record Entry(List<String> values, boolean listed, int line) {}

    /** Finds the file's name on the command line; all else is left to the real parser. */
    private static final class NameOnly {
        @Option(names = CommonOptions.CONFIG)
        private @Nullable Path file;

        @Unmatched
        private List<String> rest = new ArrayList<>();
    }

    private ConfigFile(Path file, Map<String, Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * Makes the file that {@code args} name, if any, the source of defaults for the subcommand that they name.
     *
     * @throws UserException if the file cannot be read, is not YAML, or has a key that is no option of the subcommand
     */
    static void applyTo(CommandLine root, String[] args) {
        NameOnly name = new NameOnly();
        try {
            new CommandLine(name).setUnmatchedOptionsArePositionalParams(true).parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            return; // the real parser will say what is wrong
        }
        CommandLine command = name.rest.isEmpty() ? null : root.getSubcommands().get(name.rest.get(0));
        if (name.file == null || command == null) {
            return;
        }
        ConfigFile config = read(name.file);
        config.requireKnownKeys(optionsByKey(command));
        command.setDefaultValueProvider(config::defaultFor);
    }

    private @Nullable String defaultFor(ArgSpec arg) {
        if (!(arg instanceof OptionSpec option)) {
            return null;
        }
        Entry entry = entries.get(keyOf(option));
        return entry == null ? null : untouched(textOf(entry, option));
    }

    /** The parser would put variables of this process in the place of <code>${...}</code>, and halve <code>$$</code>. */
    private static String untouched(String value) {
        return value.replace("$", "$$");
    }

    /** As one text on the command line. An option that separates its values itself is told where each ends. */
    private static String textOf(Entry entry, OptionSpec option) {
        return entry.listed && option.paramLabel().equals(NamedValues.LABEL)
                ? String.join(NamedValues.ITEM_END, entry.values) + NamedValues.ITEM_END
                : String.join(
                        option.splitRegex().equals(ModelDirectory.BETWEEN) ? ModelDirectory.BETWEEN : ",",
                        entry.values);
    }

    private void requireKnownKeys(Map<String, OptionSpec> known) {
        entries.forEach((key, entry) -> {
            if (!known.containsKey(key)) {
                throw new UserException(file + ", line " + entry.line + ": unknown key '" + key + "'; known keys: "
                        + String.join(", ", known.keySet()));
            }
        });
    }

    private static Map<String, OptionSpec> optionsByKey(CommandLine command) {
        Map<String, OptionSpec> byKey = new TreeMap<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!CommonOptions.isAboutTheRun(option)) {
                byKey.put(keyOf(option), option);
            }
        }
        return byKey;
    }

    private static String keyOf(OptionSpec option) {
        return option.longestName().replaceFirst("^--?", "");
    }

    private static ConfigFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException("there is no file " + file + " (given with --config)");
        }
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                JsonParser yaml = new YAMLFactory().createParser(reader)) {
            return new ConfigFile(file, entriesOf(yaml, file));
        } catch (JsonParseException e) {
            throw new UserException(
                    file + ", line " + e.getLocation().getLineNr() + ": not YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UserException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Works on tokens rather than on a tree: a scalar's text stays as it was typed (a tree turns 0065 into 53). */
    private static Map<String, Entry> entriesOf(JsonParser yaml, Path file) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        JsonToken first = yaml.nextToken();
        if (first == null) {
            return entries;
        }
        if (first != JsonToken.START_OBJECT) {
            throw new UserException(file + ", line 1: expected lines of the form 'name: value'");
        }
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String key = yaml.currentName();
            int line = yaml.currentTokenLocation().getLineNr();
            boolean listed = yaml.nextToken() == JsonToken.START_ARRAY;
            List<String> values = valuesOf(yaml, file, key);
            if (!values.isEmpty() && entries.put(key, new Entry(values, listed, line)) != null) {
                throw new UserException(file + ", line " + line + ": key '" + key + "' is there twice");
            }
        }
        return entries;
    }

    /** What is after a key: a scalar, or a list of scalars; empty for none. */
    private static List<String> valuesOf(JsonParser yaml, Path file, String key) throws IOException {
        JsonToken token = yaml.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return List.of();
        }
        if (token.isScalarValue()) {
            return List.of(yaml.getText());
        }
        List<String> values = new ArrayList<>();
        boolean ofScalars = token == JsonToken.START_ARRAY;
        while (ofScalars && yaml.nextToken() != JsonToken.END_ARRAY) {
            ofScalars = yaml.currentToken().isScalarValue();
            values.add(yaml.getText());
        }
        if (!ofScalars) {
            throw new UserException(
                    file + ", line " + yaml.currentTokenLocation().getLineNr() + ": '" + key
                            + "' must be one value, or a list of values");
        }
        return values;
    }
}
