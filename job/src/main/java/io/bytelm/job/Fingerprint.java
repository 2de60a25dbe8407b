package io.bytelm.job;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for much data: the first 128 bits of its SHA-256, in hex. */
public final class Fingerprint {
    private static final int BYTES = 16;

    private final MessageDigest digest;

    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public void add(byte[] bytes) {
        digest.update(bytes);
    }

    /** Texts of different lengths do not run into each other. */
    public void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(HexFormat.of().toHexDigits(bytes.length).getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    public String hex() {
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }
}
