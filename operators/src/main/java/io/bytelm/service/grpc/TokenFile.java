package io.bytelm.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A token that stands in a file, which is looked at again when it is used and the last look was some seconds ago. */
final class TokenFile {
    private static final long LOOK_AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int LONGEST = 4096;

    private record Read(String token, long atNanos) {}

    private final Path file;
    private volatile Read last;

    /** @throws IllegalArgumentException if there is no token in it */
    TokenFile(Path file) {
        this.file = file;
        this.last = new Read(read(), System.nanoTime());
    }

    /** As it is now; as it was where it cannot be read, which happens while it is replaced. */
    String token() {
        Read known = last;
        if (System.nanoTime() - known.atNanos() < LOOK_AGAIN_AFTER_NANOS) {
            return known.token();
        }
        String token = known.token();
        try {
            token = read();
        } catch (IllegalArgumentException e) {
            // the next look may find it
        }
        last = new Read(token, System.nanoTime());
        return token;
    }

    private String read() {
        String text;
        try {
            text = Files.readString(file, UTF_8).strip();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no token file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the token in " + file + " is no text", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the token in " + file + ": " + e.getMessage(), e);
        }
        if (text.isEmpty() || text.length() > LONGEST || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException(
                    "the token in " + file + " must be one line of 1 to " + LONGEST + " printable ASCII characters");
        }
        return text;
    }
}
