package io.bytelm.constraint;

/** A 64-bit hash of a sequence of numbers (the mixer is that of splitmix64). Used by one thread. */
public final class Fingerprint {
    private long hash = 0x9E3779B97F4A7C15L;

    /** Appends a number. */
    public Fingerprint add(long number) {
        long z = hash + 0x9E3779B97F4A7C15L ^ number * 0xD6E8FEB86659FD93L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        hash = z ^ (z >>> 31);
        return this;
    }

    /** Appends a text and its length. */
    public Fingerprint add(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
        return add(text.length());
    }

    public long value() {
        return hash;
    }
}
