package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Each line is a document, or holds one as JSON. */
final class LineDocuments implements DocumentReader {
    /** Turns a line that is not too long into a document or a reject. */
    @FunctionalInterface
    interface Content {
        /** Null if the line holds nothing at all. */
        @Nullable
        Item of(Item line);
    }

    private final String source;
    private final int maxBytes;
    private final NumberedLines lines;
    private final Content content;
    private long taken;

    private LineDocuments(SourceFile file, DocumentSettings settings, int maxLineBytes, Content content)
            throws IOException {
        this.source = file.name();
        this.maxBytes = maxLineBytes;
        this.lines = NumberedLines.open(file, settings, maxLineBytes);
        this.content = content;
    }

    /** A line is the document itself. */
    static LineDocuments ofText(SourceFile file, DocumentSettings settings) throws IOException {
        return new LineDocuments(file, settings, settings.maxBytes(), line -> line);
    }

    /** A line is a JSON object; it may be somewhat longer than the text in it, which can be escaped. Blank ones are none. */
    static LineDocuments ofJson(SourceFile file, DocumentSettings settings) throws IOException {
        JsonContent json = new JsonContent(settings);
        return new LineDocuments(file, settings, JsonContent.maxLineBytes(settings.maxBytes()), json);
    }

    @Override
    public @Nullable Item next() throws IOException {
        long blankBytes = 0;
        for (NumberedLines.Numbered line = lines.next(); line != null; line = lines.next()) {
            taken++;
            Item item = item(line, blankBytes + line.inputBytes());
            if (item != null) {
                return item;
            }
            blankBytes += line.inputBytes();
        }
        return null;
    }

    private @Nullable Item item(NumberedLines.Numbered numbered, long inputBytes) {
        long number = numbered.number();
        Lines.Line line = numbered.line();
        Item item = Item.document(source, number, source + ":" + number, line.bytes(), inputBytes);
        if (line.length() > maxBytes) {
            return item.rejected(RejectReason.TOO_LONG, TooLong.message("the line", line.length(), maxBytes));
        }
        return content.of(item);
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
