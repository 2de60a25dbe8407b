package io.bytelm.job.likelihood;

import io.bytelm.job.Fingerprint;
import io.bytelm.job.likelihood.document.InputFile;
import java.util.List;

/** Tells whether files were added, taken away or changed. */
final class InputFingerprint {
    private InputFingerprint() {}

    static String of(List<InputFile> files) {
        Fingerprint fingerprint = new Fingerprint();
        long bytes = 0;
        for (InputFile file : files) {
            fingerprint.add(file.uri() + " " + file.length() + " " + file.modifiedMillis());
            bytes += file.length();
        }
        return files.size() + (files.size() == 1 ? " file, " : " files, ") + bytes + " bytes, " + fingerprint.hex();
    }
}
