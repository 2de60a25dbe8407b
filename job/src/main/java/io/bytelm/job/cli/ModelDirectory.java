package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.lm.BundledModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the model lies. */
final class ModelDirectory {
    /** Between the models of a file of options; no directory has it in its name. */
    static final String BETWEEN = "\n";

    @Option(
            names = "--model",
            paramLabel = "DIR",
            order = 100,
            split = BETWEEN,
            hideParamSyntax = true,
            description =
                    "A Hugging Face model directory: config.json, tokenizer.json, model.safetensors (or its shards)."
                            + " Default: the small English model that comes with the program, which is also called"
                            + " tiny-en. Once for each of several models that --combine combines.")
    private List<Path> directories = new ArrayList<>();

    /** How many were given. */
    int count() {
        return directories.size();
    }

    /** All that were given, in their order; null for the bundled one. */
    List<@Nullable Path> all() {
        List<@Nullable Path> all = new ArrayList<>();
        directories.forEach(directory -> all.add(unlessBundled(directory)));
        return all;
    }

    /** Null where it is the name of the bundled model. */
    static @Nullable Path unlessBundled(Path directory) {
        return directory.toString().equals(BundledModel.NAME) && !Files.isDirectory(directory) ? null : directory;
    }

    /**
     * Null for the bundled model.
     *
     * @throws UserException if several were given
     */
    @Nullable
    Path given() {
        if (directories.size() > 1) {
            throw new UserException("--model is given " + directories.size()
                    + " times, but this takes one model; score, likelihood, next, explain and bench take several with"
                    + " --combine mixture, product or contrast");
        }
        return directories.isEmpty() ? null : unlessBundled(directories.get(0));
    }

    /** @throws UserException as {@link #given} */
    Path givenOrBundled() {
        Path directory = given();
        return directory == null ? BundledModel.directory() : directory;
    }
}
