package io.bytelm.job.install;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The jars of a build that belong into Flink's lib directory: the trie/LM service, and the engine with its native libraries
 * of one operating system.
 *
 * @param jobJar what is submitted to a cluster
 */
record EngineJars(List<Path> jars, Path jobJar) {
    private static final String NATIVE_LIBRARIES = "pytorch-native-";

    /** The build that this program is a part of. */
    static EngineJars ofThisBuild() {
        try {
            Path program = Path.of(EngineJars.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return in(program.resolveSibling("flink-lib"), program.resolveSibling("bytelm-job.jar"));
        } catch (URISyntaxException e) {
            throw new UserException("cannot tell where this program lies: " + e.getMessage(), e);
        }
    }

    /** @throws UserException if they are not there */
    static EngineJars in(Path directory, Path jobJar) {
        if (!Files.isDirectory(directory) || !Files.exists(jobJar)) {
            throw new UserException("the jars for a cluster are not beside this program: " + directory + " and "
                    + jobJar + " are made by mvn package; start bytelm.jar where they were built");
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            return new EngineJars(jars, jobJar);
        } catch (IOException e) {
            throw new UserException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * @param osName as the system property {@code os.name} says
     * @param osArch as the system property {@code os.arch} says
     * @throws UserException if the native libraries are those of another system, on which no process could load them
     */
    void requireBuiltFor(String osName, String osArch) {
        String wanted = (osName.startsWith("Mac") ? "osx" : osName.toLowerCase(Locale.ROOT)) + "-"
                + (osArch.equals("amd64") ? "x86_64" : osArch);
        List<String> natives = jars.stream()
                .map(jar -> String.valueOf(jar.getFileName()))
                .filter(name -> name.startsWith(NATIVE_LIBRARIES))
                .toList();
        if (natives.stream().noneMatch(name -> name.contains(wanted))) {
            throw new UserException("this build has native libraries of another system (" + String.join(", ", natives)
                    + "), but this is " + wanted + "; build it where it runs: mvn -q -DskipTests package");
        }
    }
}
