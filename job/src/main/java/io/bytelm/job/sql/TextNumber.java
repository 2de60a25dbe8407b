package io.bytelm.job.sql;

import io.bytelm.constraint.Fingerprint;

/** A number of each text: equal texts have equal ones, here and after a restart. */
final class TextNumber {
    private TextNumber() {}

    static long of(byte[] text) {
        Fingerprint fingerprint = new Fingerprint();
        for (byte b : text) {
            fingerprint.add(b);
        }
        return fingerprint.value();
    }
}
