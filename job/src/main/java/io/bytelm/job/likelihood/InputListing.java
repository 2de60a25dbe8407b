package io.bytelm.job.likelihood;

import io.bytelm.job.likelihood.document.InputFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** The input files of a run, kept while it is unfinished: a fingerprint tells that one has changed, this tells which. */
final class InputListing {
    private final Path file;

    InputListing(Path file) {
        this.file = file;
    }

    void write(List<InputFile> inputs) throws IOException {
        try (Writer out = new BufferedWriter(new OutputStreamWriter(
                file.getFileSystem().create(file, WriteMode.OVERWRITE), StandardCharsets.UTF_8))) {
            for (InputFile input : inputs) {
                out.write(input.length() + " " + input.modifiedMillis() + " " + input.uri() + "\n");
            }
        }
    }

    /** What was changed, added or taken away first; null if nothing was, or if there is no listing. */
    @Nullable
    String difference(List<InputFile> now) throws IOException {
        if (!file.getFileSystem().exists(file)) {
            return null;
        }
        Map<String, InputFile> then = new HashMap<>();
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(file.getFileSystem().open(file), StandardCharsets.UTF_8))) {
            in.lines().map(InputListing::parsed).forEach(input -> then.put(input.uri(), input));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (InputFile input : now) {
            InputFile before = then.remove(input.uri());
            if (before == null) {
                return input.uri() + " was not there then";
            }
            if (!before.equals(input)) {
                return input.uri() + " has changed: then " + version(before) + ", now " + version(input);
            }
        }
        return then.keySet().stream()
                .sorted()
                .findFirst()
                .map(uri -> uri + " is not there any more")
                .orElse(null);
    }

    private static InputFile parsed(String line) {
        String[] fields = line.split(" ", 3);
        return new InputFile(fields[2], Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    }

    private static String version(InputFile input) {
        return input.length() + " bytes of " + Instant.ofEpochMilli(input.modifiedMillis());
    }
}
