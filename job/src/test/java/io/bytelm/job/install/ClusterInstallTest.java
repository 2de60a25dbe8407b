package io.bytelm.job.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterInstallTest {
    @TempDir
    private Path directory;

    private final List<String> lines = new ArrayList<>();
    private Path flink;
    private Path build;

    @BeforeEach
    void makeDistributionAndBuild() throws IOException {
        flink = Files.createDirectories(directory.resolve("flink"));
        Files.createDirectories(flink.resolve("lib"));
        write(flink.resolve("lib/flink-dist-2.2.1.jar"), "Flink");
        write(flink.resolve("lib/flink-cep-2.2.1.jar"), "another of Flink's");
        build = Files.createDirectories(directory.resolve("flink-lib"));
        write(build.resolve("bytelm-engine.jar"), "ours");
        write(build.resolve("pytorch-engine-0.35.1.jar"), "engine");
        write(build.resolve("pytorch-native-cpu-2.7.1-linux-x86_64.jar"), "natives");
        write(directory.resolve("bytelm-job.jar"), "job");
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
    }

    private EngineJars jars() {
        return EngineJars.in(build, directory.resolve("bytelm-job.jar"));
    }

    private void install(boolean mayReplace) {
        new ClusterInstall(jars(), lines::add).into(flink, () -> mayReplace);
    }

    private List<String> lib() throws IOException {
        try (Stream<Path> files = Files.list(flink.resolve("lib"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theJarsAreBesideFlinksAndEachIsNamed() throws IOException {
        install(false);

        assertThat(lib())
                .containsExactly(
                        "bytelm-engine.jar",
                        "flink-cep-2.2.1.jar",
                        "flink-dist-2.2.1.jar",
                        "pytorch-engine-0.35.1.jar",
                        "pytorch-native-cpu-2.7.1-linux-x86_64.jar");
        assertThat(lines.get(0)).contains("Flink 2.2.1");
        assertThat(String.join("\n", lines)).contains("new", "bytelm-engine.jar", "bytelm-job.jar");
    }

    @Test
    void installingTwiceChangesNothingAndAsksNothing() throws IOException {
        install(false);
        lines.clear();

        install(false);

        assertThat(lines).anyMatch(line -> line.contains("is there") && line.contains("bytelm-engine.jar"));
        assertThat(lines).noneMatch(line -> line.contains("new "));
    }

    @Test
    void anotherVersionIsReplacedOnlyByPermission() throws IOException {
        write(flink.resolve("lib/pytorch-engine-0.30.0.jar"), "old engine");
        write(flink.resolve("lib/bytelm-engine.jar"), "old ours");

        assertThatThrownBy(() -> install(false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--yes");
        assertThat(lib()).contains("pytorch-engine-0.30.0.jar").doesNotContain("pytorch-engine-0.35.1.jar");
        assertThat(flink.resolve("lib/bytelm-engine.jar")).hasContent("old ours");

        install(true);
        assertThat(lib()).doesNotContain("pytorch-engine-0.30.0.jar").contains("pytorch-engine-0.35.1.jar");
        assertThat(flink.resolve("lib/bytelm-engine.jar")).hasContent("ours");
        assertThat(lib()).contains("flink-dist-2.2.1.jar", "flink-cep-2.2.1.jar");
    }

    @Test
    void whatIsNoFlinkOrOneThatWasNotTriedIsRefused() throws IOException {
        assertThatThrownBy(() -> FlinkDistribution.in(directory)).hasMessageContaining("no Flink distribution");
        Files.move(flink.resolve("lib/flink-dist-2.2.1.jar"), flink.resolve("lib/flink-dist-1.20.0.jar"));
        assertThatThrownBy(() -> FlinkDistribution.in(flink)).hasMessageContaining("Flink 1.20.0");
    }

    @Test
    void aBuildForAnotherSystemIsRefused() {
        jars().requireBuiltFor("Linux", "amd64");
        assertThatThrownBy(() -> jars().requireBuiltFor("Mac OS X", "aarch64"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("osx-aarch64");
        assertThatThrownBy(() -> jars().requireBuiltFor("Linux", "aarch64")).hasMessageContaining("linux-aarch64");
    }

    @Test
    void aFileNameIsAnArtifactAndAVersion() {
        assertThat(JarName.of("pytorch-jni-2.7.1-0.35.1.jar")).isEqualTo(new JarName("pytorch-jni", "2.7.1-0.35.1"));
        assertThat(JarName.of("bytelm-engine.jar")).isEqualTo(new JarName("bytelm-engine", ""));
        assertThat(JarName.of("log4j-slf4j2-impl-2.25.3.jar")).isEqualTo(new JarName("log4j-slf4j2-impl", "2.25.3"));
    }
}
