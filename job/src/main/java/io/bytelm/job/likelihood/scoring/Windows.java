package io.bytelm.job.likelihood.scoring;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How a document that is longer than the model's context is scored: in windows with a stride, as Hugging Face's guide
 * "Perplexity of fixed-length models" defines them, but in bytes. Each window is read from its own beginning; of each
 * but the first only the last stride bytes count, after the bytes before them as context.
 *
 * @param windowBytes 0 for one window that is the document, in which the model forgets its oldest tokens
 * @param strideBytes how far one window begins after the one before; not used without windows
 */
public record Windows(int windowBytes, int strideBytes) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The whole document is one window. */
    public static final Windows NONE = new Windows(0, 0);

    /** @throws IllegalArgumentException if the stride is not from 1 to the window's length */
    public Windows {
        if (windowBytes < 0 || windowBytes > 0 && (strideBytes < 1 || strideBytes > windowBytes)) {
            throw new IllegalArgumentException("the stride must be from 1 to the window's bytes, got a window of "
                    + windowBytes + " and a stride of " + strideBytes);
        }
    }

    /**
     * A part of a document.
     *
     * @param from its first byte
     * @param scoredFrom the first byte that counts; those before it are context
     * @param to behind its last byte
     */
    public record Window(int from, int scoredFrom, int to) {}

    /** Windows whose counted bytes are all bytes, each once, in order; none for an empty document. */
    public List<Window> of(int documentBytes) {
        if (windowBytes == 0 && documentBytes > 0) {
            return List.of(new Window(0, 0, documentBytes));
        }
        List<Window> windows = new ArrayList<>();
        int scored = 0;
        for (int from = 0; scored < documentBytes; from += strideBytes) {
            int to = (int) Math.min((long) from + windowBytes, documentBytes);
            windows.add(new Window(from, scored, to));
            scored = to;
        }
        return windows;
    }
}
