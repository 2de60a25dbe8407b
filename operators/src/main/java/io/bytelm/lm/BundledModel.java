package io.bytelm.lm;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The small English model that comes with the project, as a directory on disk. */
public final class BundledModel {
    /** What to call it. */
    public static final String NAME = "tiny-en";

    private static final String RESOURCES = "/models/" + NAME + "/";
    private static final List<String> FILES =
            List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    private final Function<String, @Nullable URL> resources;
    private final Path temporaryDirectory;
    private final String version;

    /** @param resources finds a class-path resource by its absolute name */
    BundledModel(Function<String, @Nullable URL> resources, Path temporaryDirectory, String version) {
        this.resources = resources;
        this.temporaryDirectory = temporaryDirectory;
        this.version = version;
    }

    /**
     * The model's directory. Where the model lies in a jar, it is first copied to a directory of {@code java.io.tmpdir}
     * that is this user's alone and named by version, content and user; the next call, also of another process, finds it
     * there. Blocks on disk.
     *
     * @throws ModelException if the model is not on the class path, or cannot be copied
     */
    public static Path directory() {
        String version = BundledModel.class.getPackage().getImplementationVersion();
        return new BundledModel(
                        BundledModel.class::getResource,
                        Path.of(Objects.requireNonNullElse(System.getProperty("java.io.tmpdir"), File.separator)),
                        version == null ? "unversioned" : version)
                .locate();
    }

    Path locate() {
        URL config = resource(FILES.get(0));
        if (config.getProtocol().equals("file")) {
            return Path.of(URI.create(config.toString())).resolveSibling("");
        }
        try {
            return copy();
        } catch (IOException e) {
            throw new ModelException(
                    "the bundled model cannot be copied to " + temporaryDirectory + " (" + e
                            + "); set -Djava.io.tmpdir to a directory that can be written, or give a model directory",
                    e);
        }
    }

    private Path copy() throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        MessageDigest digest = sha256();
        for (String file : FILES) {
            byte[] content = read(resource(file));
            contents.put(file, content);
            digest.update(content);
        }
        String hash = HexFormat.of().formatHex(digest.digest(), 0, 8);
        Files.createDirectories(temporaryDirectory);
        Path directory = PrivateDirectory.in(temporaryDirectory, "bytelm-tiny-en-" + version + "-" + hash);
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            placeUnlessThere(directory.resolve(file.getKey()), file.getValue());
        }
        return directory;
    }

    /** The whole file appears at once or not at all, so that processes may do this at the same time. */
    private static void placeUnlessThere(Path target, byte[] content) throws IOException {
        if (holds(target, content)) {
            return;
        }
        Path part =
                Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
        try {
            Files.write(part, content);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Compares the bytes: cleaners of temporary files may have passed, and a process may have ended in the middle. */
    private static boolean holds(Path file, byte[] content) throws IOException {
        try {
            return Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static byte[] read(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false); // a cached jar would stay open
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private URL resource(String file) {
        URL resource = resources.apply(RESOURCES + file);
        if (resource == null) {
            throw new ModelException("the bundled model's " + file + " is not on the class path (" + RESOURCES + file
                    + "); use the published jar, or give a model directory");
        }
        return resource;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
