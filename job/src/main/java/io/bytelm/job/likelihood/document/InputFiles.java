package io.bytelm.job.likelihood.document;

import io.bytelm.job.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** The files that paths, directories and globs stand for. */
public final class InputFiles {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    private InputFiles() {}

    /**
     * Directories are read with all below them; files whose names begin with a dot or an underscore are left out.
     *
     * @param given paths, URIs of any of Flink's file systems, or globs of them
     * @return sorted by URI, each once
     * @throws UserException if nothing is there; the message names the path
     */
    public static List<InputFile> of(List<String> given) {
        List<InputFile> files = new ArrayList<>();
        for (String path : given) {
            List<InputFile> found = found(path);
            if (found.isEmpty()) {
                throw new UserException("--in " + path + " stands for no file; give a file, a directory or a glob");
            }
            files.addAll(found);
        }
        return files.stream()
                .distinct()
                .sorted(Comparator.comparing(InputFile::uri))
                .toList();
    }

    private static List<InputFile> found(String given) {
        List<InputFile> files = new ArrayList<>();
        try {
            java.util.regex.Matcher wildcard = WILDCARD.matcher(given);
            if (wildcard.find()) {
                addMatching(given, given.lastIndexOf('/', wildcard.start()), files);
            } else {
                Path path = qualified(given);
                addAll(path.getFileSystem(), path.getFileSystem().getFileStatus(path), files);
            }
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException("--in " + given + " cannot be read: " + e.getMessage(), e);
        }
        return files;
    }

    private static void addMatching(String glob, int lastSlashBefore, List<InputFile> files) throws IOException {
        String start = lastSlashBefore < 0 ? "." : glob.substring(0, Math.max(1, lastSlashBefore));
        Path base = qualified(start);
        String rest = glob.substring(lastSlashBefore + 1);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        List<InputFile> below = new ArrayList<>();
        addAll(base.getFileSystem(), base.getFileSystem().getFileStatus(base), below);
        int prefix = base.getPath().endsWith("/")
                ? base.getPath().length()
                : base.getPath().length() + 1;
        for (InputFile file : below) {
            String relative = new Path(URI.create(file.uri())).getPath().substring(prefix);
            if (matcher.matches(java.nio.file.Path.of(relative))) {
                files.add(file);
            }
        }
    }

    /** With its scheme; a local path becomes absolute. */
    private static Path qualified(String given) {
        return given.contains(":/")
                ? new Path(given)
                : new Path(java.nio.file.Path.of(given)
                        .toAbsolutePath()
                        .normalize()
                        .toUri());
    }

    private static void addAll(FileSystem files, FileStatus status, List<InputFile> found) throws IOException {
        if (!status.isDir()) {
            found.add(
                    new InputFile(status.getPath().toUri().toString(), status.getLen(), status.getModificationTime()));
            return;
        }
        FileStatus[] children = files.listStatus(status.getPath());
        for (FileStatus child : children == null ? new FileStatus[0] : children) {
            String name = child.getPath().getName();
            if (!name.startsWith(".") && !name.startsWith("_")) {
                addAll(files, child, found);
            }
        }
    }
}
