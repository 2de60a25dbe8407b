package io.bytelm.job.likelihood;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.UserException;
import io.bytelm.job.likelihood.document.InputFile;
import io.bytelm.job.likelihood.ownership.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a run's results. While the run is not complete, {@code .state} in it says what the run is and holds
 * what it needs to go on; the results appear at the end, each file at once.
 */
final class OutputDirectory implements AutoCloseable {
    static final String SUMMARY = "summary.json";
    static final String SETTINGS_FIELD = "settings";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATE = ".state";
    private static final String RUN = "run.json";
    private static final String LOCK = "lock";
    private static final String OWNERS = "owners";
    private static final String INPUT_FILES = "input-files";
    private static final int DELETIONS = 10;
    private static final long QUIET_MILLIS = 300;

    private final Path root;
    private final @Nullable FileChannel lock;
    private @Nullable Owner owner;

    private OutputDirectory(Path root, @Nullable FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Creates it if need be. A local one is locked against other processes until it is closed.
     *
     * @throws UserException if it cannot be written, or another process works on it
     */
    static OutputDirectory open(String given) {
        Path root = given.contains(":/")
                ? new Path(given)
                : new Path(java.nio.file.Path.of(given)
                        .toAbsolutePath()
                        .normalize()
                        .toUri());
        try {
            FileSystem files = root.getFileSystem();
            files.mkdirs(new Path(root, STATE));
            String scheme = root.toUri().getScheme();
            boolean local = scheme == null || scheme.equals("file");
            return new OutputDirectory(root, local ? locked(java.nio.file.Path.of(root.getPath()), given) : null);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException("--out " + given + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    private static FileChannel locked(java.nio.file.Path root, String given) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve(STATE).resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new UserException("another process works on --out " + given + "; wait for it, or take another --out");
        }
        return channel;
    }

    /** @param number 1, or 2 for the compared model */
    PassDirectory pass(int number) {
        return new PassDirectory(new Path(new Path(root, STATE), "pass-" + number));
    }

    Path file(String name) {
        return new Path(root, name);
    }

    /** Where a result is written before it appears; no other owner writes there. */
    Path unfinished(String name) {
        return owner == null ? state(name) : new Path(state("unfinished-" + owner.number()), name);
    }

    private Path state(String name) {
        return new Path(new Path(root, STATE), name);
    }

    /**
     * Takes the directory over: from now on, whatever another run still wants to write fails.
     *
     * @param leased whether tasks of this run can outlive this process
     */
    Owner.Claim claim(boolean leased) throws IOException {
        Owner.Claim claim = Owner.claim(state(OWNERS), toString(), leased);
        owner = claim.owner();
        return claim;
    }

    boolean isLocal() {
        return lock != null;
    }

    /** @throws io.bytelm.job.likelihood.ownership.TakenOverException if another run has taken the directory over */
    private void requireOwned() throws IOException {
        if (owner != null) {
            owner.requireCurrent();
        }
    }

    boolean isComplete() throws IOException {
        return files().exists(file(SUMMARY));
    }

    /** Whether a run with state is here. */
    boolean isBegun() throws IOException {
        return files().exists(state(RUN));
    }

    /**
     * Says what the run is, or checks that it is the same as before.
     *
     * @param files what is scored, to name the one that has changed
     * @throws UserException if the directory holds a run with other settings; the message names those that differ
     */
    void begin(Map<String, String> settings, List<InputFile> files) throws IOException {
        InputListing listing = new InputListing(state(INPUT_FILES));
        if (isComplete()) {
            requireSame(read(file(SUMMARY)), settings, "holds the results of a run with", null);
        } else if (isBegun()) {
            requireSame(read(state(RUN)), settings, "holds an unfinished run with", listing.difference(files));
        } else {
            listing.write(files);
            write(state(RUN + ".new"), Map.of(SETTINGS_FIELD, settings));
            appear(state(RUN + ".new"), state(RUN));
        }
    }

    private void requireSame(
            JsonNode found, Map<String, String> settings, String what, @Nullable String differenceOfInput) {
        Map<String, String> before =
                JSON.convertValue(found.path(SETTINGS_FIELD), new TypeReference<LinkedHashMap<String, String>>() {});
        List<String> differing = new ArrayList<>();
        Map<String, String> all = new LinkedHashMap<>(before);
        settings.forEach(all::putIfAbsent);
        for (String name : all.keySet()) {
            String was = before.getOrDefault(name, "none");
            String is = settings.getOrDefault(name, "none");
            if (!was.equals(is)) {
                String more = name.equals("in") && differenceOfInput != null ? "; " + differenceOfInput : "";
                differing.add("another --" + name + " (then " + was + ", now " + is + more + ")");
            }
        }
        if (!differing.isEmpty()) {
            throw new UserException("--out " + root.getPath() + " " + what + " " + String.join(" and ", differing)
                    + "; give what was given then, or another --out");
        }
    }

    JsonNode read(Path file) throws IOException {
        try (InputStream in = files().open(file)) {
            return JSON.readTree(in);
        }
    }

    void write(Path file, Object json) throws IOException {
        try (OutputStream out = files().create(file, WriteMode.OVERWRITE)) {
            out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
        }
    }

    /** Renames a file that is completely written, replacing what is there; not if another run owns the directory. */
    void appear(Path written, Path name) throws IOException {
        requireOwned();
        files().delete(name, false);
        if (!files().rename(written, name)) {
            throw new IOException("cannot rename " + written + " to " + name);
        }
    }

    /**
     * Only the results stay. A job that has just finished may still begin a checkpoint that nobody waits for, and with it
     * the directory: so this deletes again until nothing has come for a moment.
     */
    void forgetState() throws IOException, InterruptedException {
        requireOwned();
        Path state = new Path(root, STATE);
        for (int attempt = 0; attempt < DELETIONS; attempt++) {
            files().delete(state, true);
            Thread.sleep(QUIET_MILLIS);
            if (!files().exists(state)) {
                return;
            }
        }
    }

    /** The directory as a URI, the same before and after it is created: without a slash at its end. */
    @Override
    public String toString() {
        String uri = root.toString();
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    FileSystem files() throws IOException {
        return root.getFileSystem();
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
