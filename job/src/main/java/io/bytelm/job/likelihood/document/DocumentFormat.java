package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.jspecify.annotations.Nullable;

/**
 * Documents of files of all kinds, for Flink's file source. To go on from a place in a checkpoint a reader reads the file
 * (or part) again, proves that what was given out is still there, and leaves it out: {@link ResumableItems}.
 */
public final class DocumentFormat implements BulkFormat<Item, FileSourceSplit> {
    private static final long serialVersionUID = 1;

    /** What a batch holds at most, so that reading ahead of the model takes little memory. */
    private static final int BATCH_ITEMS = 64;

    private static final int BATCH_BYTES = 1 << 18;

    private final DocumentSettings settings;
    private final Patience patience;

    public DocumentFormat(DocumentSettings settings) {
        this(settings, Patience.USUAL);
    }

    /** @param patience with a file system that does not answer */
    DocumentFormat(DocumentSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
    }

    @Override
    public Reader<Item> createReader(Configuration configuration, FileSourceSplit split) {
        return new Batches(items(split));
    }

    /** @throws InputFailure if the items before the split's position are not those that were given out */
    @Override
    public Reader<Item> restoreReader(Configuration configuration, FileSourceSplit split) throws IOException {
        ResumableItems items = items(split);
        try {
            CheckpointedPosition place = split.getReaderPosition().orElse(null);
            if (place != null) {
                items.goOnFrom(place);
            }
        } catch (IOException | RuntimeException e) {
            items.close();
            throw e;
        }
        return new Batches(items);
    }

    private ResumableItems items(FileSourceSplit split) {
        SourceFile file = new SourceFile(split, patience);
        return new ResumableItems(file, new RefusingReader(file, this::open));
    }

    private DocumentReader open(SourceFile file) throws IOException {
        return switch (settings.kindOf(file.part().path().getName())) {
            case WHOLE -> new WholeFile(file, settings);
            case LINES -> LineDocuments.ofText(file, settings);
            case JSON_LINES -> LineDocuments.ofJson(file, settings);
            case PARQUET -> ParquetDocuments.open(file, settings);
        };
    }

    /** Which files can be read in parts is decided where parts are made: {@link SplitPlan}. */
    @Override
    public boolean isSplittable() {
        return true;
    }

    @Override
    public TypeInformation<Item> getProducedType() {
        return Types.POJO(Item.class);
    }

    private static final class Batches implements Reader<Item> {
        private final ResumableItems items;

        Batches(ResumableItems items) {
            this.items = items;
        }

        @Override
        public @Nullable RecordIterator<Item> readBatch() throws IOException {
            List<RecordAndPosition<Item>> batch = new ArrayList<>();
            long bytes = 0;
            while (batch.size() < BATCH_ITEMS && bytes < BATCH_BYTES) {
                RecordAndPosition<Item> item = items.next();
                if (item == null) {
                    break;
                }
                batch.add(item);
                bytes += item.getRecord().bytes().length;
            }
            return batch.isEmpty() ? null : new Batch(batch.iterator());
        }

        @Override
        public void close() throws IOException {
            items.close();
        }
    }

    private record Batch(Iterator<RecordAndPosition<Item>> items) implements RecordIterator<Item> {
        @Override
        public @Nullable RecordAndPosition<Item> next() {
            return items.hasNext() ? items.next() : null;
        }

        @Override
        public void releaseBatch() {}
    }
}
