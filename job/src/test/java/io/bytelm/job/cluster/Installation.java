package io.bytelm.job.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;

/**
 * Flink, Kafka and the job as somebody installs them: Flink's jars with those of {@code target/flink-lib} beside them,
 * {@code target/bytelm-job.jar} to submit, and a directory for everything that a run writes.
 */
final class Installation {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** What bytelm-job.jar or bytelm-engine.jar brings itself, or only a broker needs. */
    private static final List<String> NOT_FLINK = List.of(
            "bytelm-",
            "flink-connector-base",
            "flink-connector-files",
            "flink-connector-kafka",
            "flink-file-sink-common",
            "parquet-",
            "zstd-jni-",
            "jts-core-",
            "javax.annotation-api-",
            "kafka",
            "scala-",
            "picocli-",
            "jackson-",
            "snakeyaml-2",
            "protobuf-java-");

    /** Many small JVMs on few cores start sooner so. */
    private static final List<String> QUICK_START = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path home;
    private final List<String> compilation;

    private Installation(Path home, List<String> compilation) {
        this.home = home;
        this.compilation = compilation;
    }

    /** @param name of a directory in {@code target/cluster}, emptied if it is there */
    static Installation in(String name) throws IOException {
        if (!Files.exists(jobJar())) {
            throw new IllegalStateException(jobJar() + " is missing: run this test by mvn verify, after the packaging");
        }
        Path home = TARGET.resolve("cluster").resolve(name);
        if (Files.exists(home)) {
            try (Stream<Path> old = Files.walk(home)) {
                for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        for (String directory : List.of("conf", "log", "tmp", "plugins")) {
            Files.createDirectories(home.resolve(directory));
        }
        Files.copy(TARGET.resolve("test-classes/log4j2-cluster.properties"), home.resolve("conf/log4j2.properties"));
        return new Installation(home, QUICK_START);
    }

    /** The same with JVMs that compile as well as they can: for measurements. */
    Installation forMeasurements() {
        return new Installation(home, List.of());
    }

    /** What is submitted. */
    static Path jobJar() {
        return TARGET.resolve("bytelm-job.jar");
    }

    Path directory(String name) {
        return home.resolve(name);
    }

    /** Flink's configuration, where its processes look for it. */
    void writeFlinkConfiguration(Configuration configuration) throws IOException {
        List<String> lines = configuration.toMap().entrySet().stream()
                .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
                .sorted()
                .toList();
        Files.write(home.resolve("conf/config.yaml"), lines);
    }

    /** Starts a class of Flink with Flink's class path. */
    ClusterProcess startFlink(String name, int heapMegabytes, String mainClass, String... arguments)
            throws IOException {
        String classPath =
                classPath(Installation::isFlinks) + File.pathSeparator + TARGET.resolve("flink-lib/bytelm-engine.jar");
        return start(name, classPath, heapMegabytes, mainClass, arguments);
    }

    /** The same where somebody has forgotten to install the model service. */
    ClusterProcess startFlinkWithoutEngine(String name, int heapMegabytes, String mainClass, String... arguments)
            throws IOException {
        return start(name, classPath(Installation::isFlinks), heapMegabytes, mainClass, arguments);
    }

    /** Starts a class of Kafka's broker. */
    ClusterProcess startKafka(String name, int heapMegabytes, String mainClass, String... arguments)
            throws IOException {
        return start(
                name,
                classPath(jar -> !jar.startsWith("bytelm") && !jar.startsWith("flink")),
                heapMegabytes,
                mainClass,
                arguments);
    }

    private ClusterProcess start(
            String name, String classPath, int heapMegabytes, String mainClass, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(opens());
        command.add("-Xmx" + heapMegabytes + "m");
        command.addAll(compilation);
        command.add("-Xshare:auto");
        command.add("-Djava.io.tmpdir=" + home.resolve("tmp"));
        command.add("-Dlog4j2.configurationFile=" + home.resolve("conf/log4j2.properties"));
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        Map<String, String> environment = Map.of(
                "FLINK_CONF_DIR", home.resolve("conf").toString(),
                "FLINK_PLUGINS_DIR", home.resolve("plugins").toString());
        return ClusterProcess.start(name, home.resolve("log/" + name + ".log"), command, environment);
    }

    /** This JVM was given what Flink's own scripts give. */
    private static List<String> opens() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .toList();
    }

    private static boolean isFlinks(String jar) {
        return NOT_FLINK.stream().noneMatch(jar::startsWith);
    }

    private static String classPath(Predicate<String> wanted) throws IOException {
        try (Stream<Path> jars = Files.list(TARGET.resolve("lib"))) {
            return jars.filter(jar -> wanted.test(String.valueOf(jar.getFileName())))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
