package io.bytelm.job.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * What one session of the demo says.
 *
 * @param text not to be changed
 */
record Passage(String session, byte[] text) {
    private static final String RESOURCE = "/demo/passages.txt";
    private static final String HEADING = "== ";
    private static final String COMMENT = "# ";
    private static final int LONGEST_CHUNK = 48;

    /** All that come with the program. */
    static List<Passage> all() {
        try (InputStream in = Objects.requireNonNull(Passage.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return parse(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    private static List<Passage> parse(List<String> lines) {
        List<Passage> passages = new ArrayList<>();
        String session = "";
        List<String> text = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(HEADING)) {
                add(passages, session, text);
                session = line.substring(HEADING.length());
                text.clear();
            } else if (!line.startsWith(COMMENT)) {
                text.add(line);
            }
        }
        add(passages, session, text);
        return passages;
    }

    private static void add(List<Passage> passages, String session, List<String> text) {
        if (!session.isEmpty()) {
            passages.add(new Passage(session, String.join("\n", text).getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The text in pieces of 1 to 48 bytes, cut where chance will have it. */
    List<byte[]> chunks(Random random) {
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < text.length; ) {
            int end = Math.min(text.length, at + 1 + random.nextInt(LONGEST_CHUNK));
            chunks.add(Arrays.copyOfRange(text, at, end));
            at = end;
        }
        return chunks;
    }
}
