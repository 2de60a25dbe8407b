package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;

/** Items as the source would read them. */
final class ReadItems {
    private ReadItems() {}

    static DocumentSettings lines() {
        return settings(DocumentSettings.Unit.LINE, 1000);
    }

    static DocumentSettings settings(DocumentSettings.Unit unit, int maxBytes) {
        return new DocumentSettings(DocumentSettings.Format.AUTO, unit, "id", "text", maxBytes, 27);
    }

    static FileSourceSplit whole(Path file) throws IOException {
        long length = Files.exists(file) ? Files.size(file) : 10;
        return part(file, 0, length);
    }

    static FileSourceSplit part(Path file, long offset, long length) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : length;
        long modified = Files.exists(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
        return new FileSourceSplit(
                "part", new org.apache.flink.core.fs.Path(file.toUri()), offset, length, modified, size);
    }

    static List<Item> of(FileSourceSplit split, DocumentSettings settings) {
        return all(new DocumentFormat(settings), split, 0);
    }

    /** Reads some, then goes on from that place with a new reader. */
    static List<Item> interrupted(FileSourceSplit split, DocumentSettings settings, int after) {
        return all(new DocumentFormat(settings), split, after);
    }

    private static List<Item> all(DocumentFormat format, FileSourceSplit split, int interruptAfter) {
        List<Item> items = new ArrayList<>();
        FileSourceSplit at = split;
        try {
            BulkFormat.Reader<Item> reader = format.createReader(new Configuration(), split);
            for (var batch = reader.readBatch(); batch != null; batch = reader.readBatch()) {
                for (RecordAndPosition<Item> next = batch.next(); next != null; next = batch.next()) {
                    items.add(next.getRecord());
                    at = split.updateWithCheckpointedPosition(
                            new CheckpointedPosition(next.getOffset(), next.getRecordSkipCount()));
                    if (items.size() == interruptAfter) {
                        reader.close();
                        reader = format.restoreReader(new Configuration(), at);
                        break;
                    }
                }
            }
            reader.close();
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> texts(List<Item> items) {
        return items.stream()
                .map(item -> new String(item.bytes(), StandardCharsets.UTF_8))
                .toList();
    }
}
