package io.bytelm.lm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {
    private static final Map<String, byte[]> MODEL = Map.of(
            "config.json", "{}".getBytes(UTF_8),
            "model.safetensors", new byte[1 << 20],
            "tokenizer.json", "{\"model\":{}}".getBytes(UTF_8),
            "tokenizer_config.json", "{\"bos_token\":null}".getBytes(UTF_8));

    @TempDir
    Path temporaryDirectory;

    private Path jar;
    private Path copies;

    @BeforeEach
    void writeJar() throws IOException {
        jar = temporaryDirectory.resolve("application.jar");
        copies = temporaryDirectory.resolve("copies");
        writeJar(MODEL);
    }

    private void writeJar(Map<String, byte[]> model) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : model.entrySet()) {
                zip.putNextEntry(new ZipEntry("models/tiny-en/" + file.getKey()));
                zip.write(file.getValue());
            }
        }
    }

    private BundledModel inJar(String version) {
        return new BundledModel(this::resourceInJar, copies, version);
    }

    private URL resourceInJar(String name) {
        try {
            return URI.create("jar:" + jar.toUri() + "!" + name).toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theModelOnDiskIsUsedWhereItLies() {
        Path directory = BundledModel.directory();

        assertThat(MODEL.keySet())
                .allSatisfy(file -> assertThat(directory.resolve(file)).isRegularFile());
        assertThat(directory).endsWith(Path.of("models", "tiny-en"));
    }

    @Test
    void theModelInAJarIsCopiedWhole() {
        Path directory = inJar("1.2").locate();

        assertThat(directory).hasParent(copies);
        assertThat(directory.getFileName().toString()).matches("bytelm-tiny-en-1\\.2-[0-9a-f]{16}-[0-9a-z]+");
        assertHoldsModel(directory);
    }

    @Test
    void theSecondCallCopiesNothing() throws IOException {
        Path directory = inJar("1").locate();
        Object before = Files.getLastModifiedTime(directory.resolve("model.safetensors"));
        Object inodeBefore = Files.getAttribute(directory.resolve("model.safetensors"), "unix:ino");

        assertThat(inJar("1").locate()).isEqualTo(directory);

        assertThat(Files.getLastModifiedTime(directory.resolve("model.safetensors")))
                .isEqualTo(before);
        assertThat(Files.getAttribute(directory.resolve("model.safetensors"), "unix:ino"))
                .isEqualTo(inodeBefore);
    }

    @Test
    void theCopyIsOfThisUserAlone() throws IOException {
        Path directory = inJar("1").locate();

        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatSomebodyElsePutThereIsLeftAlone() throws IOException {
        Path expected = inJar("1").locate();
        Path elsewhere = Files.createDirectory(temporaryDirectory.resolve("elsewhere"));
        Files.move(expected, temporaryDirectory.resolve("moved"));
        Files.createSymbolicLink(expected, elsewhere);

        Path directory = inJar("1").locate();

        assertThat(directory).isNotEqualTo(expected).hasParent(copies);
        assertHoldsModel(directory);
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(inJar("1").locate()).isEqualTo(directory);
    }

    @Test
    void aDirectoryThatOthersMayWriteIsNotTrusted() throws IOException {
        Path expected = inJar("1").locate();
        Files.setPosixFilePermissions(expected, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(inJar("1").locate()).isNotEqualTo(expected);
    }

    @Test
    void theDirectoryOfAnotherUserNeitherBlocksNorIsTrusted() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a directory away");
        Path expected = inJar("1").locate();
        Files.setAttribute(expected, "unix:uid", 54_321);

        Path directory = inJar("1").locate();

        assertThat(directory).isNotEqualTo(expected);
        assertHoldsModel(directory);
    }

    @Test
    void otherContentGoesToAnotherDirectory() throws IOException {
        Path first = inJar("1").locate();
        writeJar(Map.of(
                "config.json", "{ }".getBytes(UTF_8),
                "model.safetensors", new byte[3],
                "tokenizer.json", "{}".getBytes(UTF_8),
                "tokenizer_config.json", "{}".getBytes(UTF_8)));

        assertThat(inJar("1").locate()).isNotEqualTo(first);
        assertHoldsModel(first);
    }

    @Test
    void aDamagedCopyIsRepaired() throws IOException {
        Path directory = inJar("1").locate();
        Files.delete(directory.resolve("config.json"));
        Files.write(directory.resolve("tokenizer.json"), "{\"model\":[]}".getBytes(UTF_8));

        assertThat(inJar("1").locate()).isEqualTo(directory);

        assertHoldsModel(directory);
    }

    @Test
    void manyCallersAtOnceAllFindTheWholeModel() throws Exception {
        int callers = 8;
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            CountDownLatch together = new CountDownLatch(callers);
            List<Future<Path>> directories = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                directories.add(pool.submit(() -> {
                    together.countDown();
                    together.await();
                    Path directory = inJar("1").locate();
                    assertHoldsModel(directory);
                    return directory;
                }));
            }
            for (Future<Path> directory : directories) {
                assertThat(directory.get()).isEqualTo(directories.get(0).get());
            }
            try (Stream<Path> files = Files.list(directories.get(0).get())) {
                assertThat(files).hasSize(MODEL.size()); // no parts left behind
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aMissingResourceIsNamed() {
        BundledModel absent = new BundledModel(name -> null, copies, "1");

        assertThatThrownBy(absent::locate).isInstanceOf(ModelException.class).hasMessageContaining("config.json");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Files.createFile(copies); // a file where the directory should be

        assertThatThrownBy(() -> inJar("1").locate())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(copies.toString())
                .hasMessageContaining("java.io.tmpdir");
    }

    private static void assertHoldsModel(Path directory) {
        assertThat(MODEL)
                .allSatisfy(
                        (file, content) -> assertThat(directory.resolve(file)).hasBinaryContent(content));
    }
}
