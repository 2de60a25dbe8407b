package io.bytelm.lm;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory in a public place, such as that for temporary files, which this user alone may write. What somebody else has
 * put under its name is neither trusted nor in the way: the next name is taken.
 */
final class PrivateDirectory {
    private static final int NAMES = 100;
    private static final Set<PosixFilePermission> ALONE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private PrivateDirectory() {}

    /**
     * Creates it unless it is there. Users and processes may do this at the same time.
     *
     * @param parent is there
     * @param name what its name begins with; the user follows
     */
    static Path in(Path parent, String name) throws IOException {
        boolean isPosix = Files.getFileAttributeView(parent, PosixFileAttributeView.class) != null;
        UserPrincipal user = isPosix ? userOf(parent) : null;
        String first = name + "-" + (user == null ? "all" : word(user));
        for (int i = 0; i < NAMES; i++) {
            Path directory = parent.resolve(i == 0 ? first : first + "-" + i);
            if (isCreated(directory, isPosix) || isOf(user, directory)) {
                return directory;
            }
        }
        throw new IOException("others have taken the names " + first + " to " + first + "-" + (NAMES - 1));
    }

    private static boolean isCreated(Path directory, boolean isPosix) throws IOException {
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(ALONE)}
                : new FileAttribute<?>[0];
        try {
            Files.createDirectory(directory, attributes);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** A name for people may be missing in a container, the system's number of a user is always there. */
    private static UserPrincipal userOf(Path parent) throws IOException {
        Path probe = Files.createTempFile(parent, "bytelm-", ".user");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static String word(UserPrincipal user) {
        String word = user.getName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return word.isEmpty() ? "user" : word;
    }

    private static boolean isOf(@Nullable UserPrincipal user, Path directory) throws IOException {
        if (user == null) {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
        }
        PosixFileAttributes found =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found.isDirectory()
                && found.owner().equals(user)
                && found.permissions().stream().noneMatch(OF_OTHERS::contains);
    }
}
