package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.jspecify.annotations.Nullable;

/** Each line is a document, or holds one as JSON. */
final class LineDocuments implements DocumentReader {
    /** Turns a line that is not too long into a document or a reject. */
    @FunctionalInterface
    interface Content {
        Item of(Item line);
    }

    private final String source;
    private final int maxBytes;
    private final NumberedLines lines;
    private final Content content;

    private LineDocuments(FileSourceSplit part, int maxLineBytes, Content content) throws IOException {
        this.source = SourceName.of(part.path());
        this.maxBytes = maxLineBytes;
        this.lines = NumberedLines.open(part, maxLineBytes);
        this.content = content;
    }

    /** A line is the document itself. */
    static LineDocuments ofText(FileSourceSplit part, DocumentSettings settings) throws IOException {
        return new LineDocuments(part, settings.maxBytes(), line -> line);
    }

    /** A line is a JSON object; it may be somewhat longer than the text in it, which can be escaped. */
    static LineDocuments ofJson(FileSourceSplit part, DocumentSettings settings) throws IOException {
        JsonContent json = new JsonContent(settings);
        return new LineDocuments(part, JsonContent.maxLineBytes(settings.maxBytes()), json);
    }

    @Override
    public @Nullable Item next() throws IOException {
        NumberedLines.Numbered numbered = lines.next();
        if (numbered == null) {
            return null;
        }
        long number = numbered.number();
        Lines.Line line = numbered.line();
        Item item = Item.document(source, number, source + ":" + number, line.bytes(), numbered.inputBytes());
        if (line.length() > maxBytes) {
            return item.rejected(RejectReason.TOO_LONG, TooLong.message("the line", line.length(), maxBytes));
        }
        return content.of(item);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
