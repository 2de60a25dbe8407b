package io.bytelm.job.likelihood.ownership;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A run's claim to an output directory: a fencing token. Each claim is a small file in one directory, named by a number
 * above all others; the directory belongs to the highest number, and there to the token that is in the file.
 *
 * <p>A file is created only where none is. Object stores that replace it all the same lose nothing but time: who claims
 * reads back whose token is there, and who has lost reads it at the next check. What is needed of a store is that a file
 * that was written is seen by the next listing and read, as S3, GCS, Azure and all file systems have it; no rename is.
 *
 * @param directory of the claims, as a URI
 * @param output what messages call the output directory
 * @param number the higher, the later
 * @param token no other claim has it
 */
public record Owner(String directory, String output, long number, String token) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "token";
    private static final String LEASED = "leased";
    private static final int ATTEMPTS = 20;

    /** How long tasks of an owner before may go on writing: their lease, and what one write takes. */
    public static final Duration LONGEST_LEASE = Lease.DURATION.plusSeconds(1);

    /**
     * A claim, and what it ended.
     *
     * @param owner whom the directory belongs to
     * @param leasedBefore whether tasks of the owner before may go on writing until their lease ends
     */
    public record Claim(Owner owner, boolean leasedBefore) {}

    /**
     * Takes a directory over from whoever has it.
     *
     * @param leased whether this owner's tasks can outlive the process that claims
     * @throws IOException if the directory cannot be written, or many others claim it at the same time
     */
    public static Claim claim(Path directory, String output, boolean leased) throws IOException {
        directory.getFileSystem().mkdirs(directory);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileStatus before = current(directory);
            Owner owner = new Owner(
                    directory.toUri().toString(),
                    output,
                    before == null ? 1 : number(before) + 1,
                    UUID.randomUUID().toString());
            boolean leasedBefore =
                    before != null && read(before.getPath()).path(LEASED).asBoolean(true);
            if (owner.write(leased) && owner.isCurrent()) {
                owner.forgetEarlier();
                return new Claim(owner, leasedBefore);
            }
        }
        throw new IOException("other runs claim " + output + " again and again");
    }

    /** False if somebody else has this number. */
    private boolean write(boolean leased) throws IOException {
        try (OutputStream out = files().create(file(), WriteMode.NO_OVERWRITE)) {
            out.write(JSON.writeValueAsBytes(
                    Map.of(TOKEN, token, LEASED, leased, "since", Instant.now().toString())));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false; // it may be gone by now: whoever has a higher number deletes the lower ones
        } catch (IOException e) {
            if (files().exists(file())) {
                return false;
            }
            throw e;
        }
    }

    /** Whether the directory still belongs to this run. */
    public boolean isCurrent() throws IOException {
        FileStatus current = current(path());
        return current != null
                && number(current) == number
                && read(current.getPath()).path(TOKEN).asText().equals(token);
    }

    /**
     * To be called before anything is written or published.
     *
     * @throws TakenOverException if the directory belongs to another run
     * @throws IOException if that cannot be told
     */
    public void requireCurrent() throws IOException {
        if (!isCurrent()) {
            FileStatus current = current(path());
            throw new TakenOverException("--out " + output + " was taken over by another run (its number is "
                    + (current == null ? "gone, the run is complete" : number(current)) + ", this run's is " + number
                    + "); this one stops, and what it has not published is the other's to do");
        }
    }

    private void forgetEarlier() throws IOException {
        for (FileStatus claim : claims(path())) {
            if (number(claim) < number) {
                files().delete(claim.getPath(), false);
            }
        }
    }

    private static @Nullable FileStatus current(Path directory) throws IOException {
        FileStatus highest = null;
        for (FileStatus claim : claims(directory)) {
            if (number(claim) > 0 && (highest == null || number(claim) > number(highest))) {
                highest = claim;
            }
        }
        return highest;
    }

    private static FileStatus[] claims(Path directory) throws IOException {
        try {
            FileStatus[] found = directory.getFileSystem().listStatus(directory);
            return found == null ? new FileStatus[0] : found;
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /** 0 for a file that is no claim. */
    private static long number(FileStatus claim) {
        String name = claim.getPath().getName();
        return name.matches("\\d{1,18}") ? Long.parseLong(name) : 0;
    }

    /** Empty while it is being written: then it is no one's yet, and not this run's. */
    private static JsonNode read(Path claim) throws IOException {
        try (InputStream in = claim.getFileSystem().open(claim)) {
            JsonNode read = JSON.readTree(in.readAllBytes());
            return read == null ? JSON.missingNode() : read;
        } catch (FileNotFoundException | com.fasterxml.jackson.core.JacksonException e) {
            return JSON.missingNode();
        }
    }

    private Path file() {
        return new Path(path(), String.format(Locale.ROOT, "%012d", number));
    }

    private Path path() {
        return new Path(URI.create(directory));
    }

    private FileSystem files() throws IOException {
        return path().getFileSystem();
    }
}
