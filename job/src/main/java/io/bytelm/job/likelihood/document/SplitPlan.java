package io.bytelm.job.likelihood.document;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.FileEnumerator;
import org.apache.flink.core.fs.Path;

/**
 * Which parts of the input are read by themselves, so that all subtasks have work: large files of lines are cut, all
 * others read from their beginning to their end.
 */
public final class SplitPlan implements FileEnumerator.Provider {
    private static final long serialVersionUID = 1;
    private static final long LEAST_BYTES = 1 << 14;
    /** Of a file: the more parts, the more evenly the last ones end, and the more is read to count lines. */
    private static final int MOST_PARTS = 64;

    private static final int MOST_PARTS_PER_SUBTASK = 4;

    private final DocumentSettings settings;
    private final ArrayList<InputFile> files;

    /** @param files in the order in which they are to be read */
    public SplitPlan(DocumentSettings settings, List<InputFile> files) {
        this.settings = settings;
        this.files = new ArrayList<>(files);
    }

    @Override
    public FileEnumerator create() {
        return (paths, subtasks) -> splits(subtasks);
    }

    Collection<FileSourceSplit> splits(int subtasks) {
        int mostParts = Math.max(MOST_PARTS, MOST_PARTS_PER_SUBTASK * subtasks);
        List<FileSourceSplit> splits = new ArrayList<>();
        for (InputFile file : files) {
            addParts(file, mostParts, splits);
        }
        return splits;
    }

    private void addParts(InputFile file, int mostParts, List<FileSourceSplit> splits) {
        Path path = new Path(URI.create(file.uri()));
        boolean ofParts =
                settings.kindOf(path.getName()).isOfLines() && Compression.of(path.getName()) == Compression.NONE;
        long part = ofParts ? Math.max(LEAST_BYTES, ceilDivide(file.length(), mostParts)) : Long.MAX_VALUE;
        long offset = 0;
        do {
            long length = Math.min(part, file.length() - offset);
            splits.add(new FileSourceSplit(
                    String.valueOf(splits.size()), path, offset, length, file.modifiedMillis(), file.length()));
            offset += length;
        } while (offset < file.length());
    }

    private static long ceilDivide(long value, long by) {
        return (value + by - 1) / by;
    }
}
