package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** The files that a benchmark reads and writes. */
final class BenchFiles {
    private BenchFiles() {}

    /** The file whose beginning is scored. */
    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserException("--in " + file + " cannot be read (" + e + "); give a file of text", e);
        }
    }

    /** Writes documents in hex, one a line. */
    static void write(Path file, List<byte[]> documents) {
        try {
            Files.write(file, documents.stream().map(HexFormat.of()::formatHex).toList());
        } catch (IOException e) {
            throw new UserException("--write-documents " + file + " cannot be written (" + e + ")", e);
        }
    }
}
