package io.bytelm.job.install;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An unpacked Flink distribution.
 *
 * @param lib the directory whose jars are on the class path of every process
 * @param version such as 2.2.1
 */
record FlinkDistribution(Path lib, String version) {
    /** The versions that the job was tried on. */
    private static final List<String> SUPPORTED = List.of("2.2.", "2.3.");

    private static final String RUNTIME = "flink-dist";

    /** @throws UserException if the directory holds no Flink, or one that the job does not run on */
    static FlinkDistribution in(Path directory) {
        Path lib = directory.resolve("lib");
        String version = namesIn(lib, directory).stream()
                .map(JarName::of)
                .filter(jar -> jar.artifact().equals(RUNTIME) && !jar.version().isEmpty())
                .map(JarName::version)
                .findFirst()
                .orElseThrow(() -> noFlink(directory));
        if (SUPPORTED.stream().noneMatch(version::startsWith)) {
            throw new UserException(directory + " holds Flink " + version + "; this build runs on "
                    + String.join("x and ", SUPPORTED) + "x");
        }
        return new FlinkDistribution(lib, version);
    }

    private static UserException noFlink(Path directory) {
        return new UserException(directory + " is no Flink distribution: it has no lib/" + RUNTIME
                + "-VERSION.jar; give the directory" + " that holds bin/, conf/ and lib/");
    }

    private static List<String> namesIn(Path lib, Path directory) {
        if (!Files.isDirectory(lib)) {
            throw noFlink(directory);
        }
        return names(lib);
    }

    /** The jars in its lib directory, by file name. */
    List<String> jars() {
        return names(lib);
    }

    private static List<String> names(Path lib) {
        try (Stream<Path> files = Files.list(lib)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserException("cannot read " + lib + ": " + e.getMessage(), e);
        }
    }
}
