package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.ArrayResultIterator;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.jspecify.annotations.Nullable;

/**
 * Documents of files of all kinds, for Flink's file source. A reader's place in a checkpoint is the number of items that
 * it has given out: to go on it reads the file (or part) again and leaves those out.
 */
public final class DocumentFormat implements BulkFormat<Item, FileSourceSplit> {
    private static final long serialVersionUID = 1;

    /** What a batch holds at most, so that reading ahead of the model takes little memory. */
    private static final int BATCH_ITEMS = 64;

    private static final int BATCH_BYTES = 1 << 18;

    private final DocumentSettings settings;

    public DocumentFormat(DocumentSettings settings) {
        this.settings = settings;
    }

    @Override
    public Reader<Item> createReader(Configuration configuration, FileSourceSplit split) {
        return new Batches(new RefusingReader(split, () -> open(split)));
    }

    @Override
    public Reader<Item> restoreReader(Configuration configuration, FileSourceSplit split) throws IOException {
        Batches batches = new Batches(new RefusingReader(split, () -> open(split)));
        batches.skip(split.getReaderPosition()
                .map(CheckpointedPosition::getRecordsAfterOffset)
                .orElse(0L));
        return batches;
    }

    private DocumentReader open(FileSourceSplit split) throws IOException {
        return switch (settings.kindOf(split.path().getName())) {
            case WHOLE -> new WholeFile(split, settings.maxBytes());
            case LINES -> LineDocuments.ofText(split, settings);
            case JSON_LINES -> LineDocuments.ofJson(split, settings);
            case PARQUET -> ParquetDocuments.open(split, settings);
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
        private final DocumentReader reader;
        private long given;

        Batches(DocumentReader reader) {
            this.reader = reader;
        }

        void skip(long items) throws IOException {
            while (given < items && reader.next() != null) {
                given++;
            }
        }

        @Override
        public @Nullable RecordIterator<Item> readBatch() throws IOException {
            List<Item> items = new ArrayList<>();
            long bytes = 0;
            while (items.size() < BATCH_ITEMS && bytes < BATCH_BYTES) {
                Item item = reader.next();
                if (item == null) {
                    break;
                }
                items.add(item);
                bytes += item.bytes().length;
            }
            if (items.isEmpty()) {
                return null;
            }
            ArrayResultIterator<Item> batch = new ArrayResultIterator<>();
            batch.set(items.toArray(Item[]::new), items.size(), CheckpointedPosition.NO_OFFSET, given);
            given += items.size();
            return batch;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
