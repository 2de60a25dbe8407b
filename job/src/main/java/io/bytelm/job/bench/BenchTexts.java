package io.bytelm.job.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The texts of a run, cut from a file: documents side by side from its beginning, sessions likewise (from the beginning
 * again where the file is short).
 */
public final class BenchTexts {
    private final byte[] file;
    private final int count;
    private final int length;

    /**
     * @param count how many documents
     * @param length their length in bytes
     * @throws IllegalArgumentException if the file is shorter than one document; the message says what helps
     */
    public BenchTexts(byte[] file, int count, int length) {
        if (file.length < length) {
            throw new IllegalArgumentException("the file has " + file.length + " bytes, less than one document of "
                    + length + "; take a longer file or shorter documents");
        }
        this.file = file;
        this.count = count;
        this.length = length;
    }

    /** {@code count} documents, fewer if the file is short. */
    public List<byte[]> documents() {
        return texts(Math.min(count, file.length / length));
    }

    /** As many documents as the file is long, a rest left out. */
    List<byte[]> wholeFile() {
        return texts(file.length / length);
    }

    List<byte[]> sessions(int sessions) {
        return texts(sessions);
    }

    private List<byte[]> texts(int wanted) {
        int inFile = file.length / length;
        List<byte[]> texts = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            int from = i % inFile * length;
            texts.add(Arrays.copyOfRange(file, from, from + length));
        }
        return texts;
    }
}
