package io.bytelm.record.wire;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells long keys apart of which only the beginning is written. */
public final class Sha256 {
    /** How many bytes a digest has. */
    public static final int BYTES = 32;

    private Sha256() {}

    /** The SHA-256 of all bytes. */
    public static byte[] of(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
