package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Each row of a Parquet file is a document: the bytes of one column, text or binary. Only that column and the one with the
 * id are read; of these, one row group is in memory at a time.
 */
final class ParquetDocuments implements DocumentReader {
    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED_MAGIC = "PARE";
    private static final int LEAST_BYTES = 12;

    private final String source;
    private final DocumentSettings settings;
    private final ParquetFileReader file;
    private final MessageType columns;
    private final MessageColumnIO columnIo;
    private final long rows;
    private final long inputBytes;
    private @Nullable RecordReader<Group> group;
    private long rowsInGroup;
    private long readOfGroup;
    private long read;
    private int groups;

    private ParquetDocuments(
            SourceFile source, DocumentSettings settings, ParquetFileReader file, MessageType columns) {
        this.source = source.name();
        this.settings = settings;
        this.file = file;
        this.columns = columns;
        this.columnIo = new ColumnIOFactory()
                .getColumnIO(columns, file.getFileMetaData().getSchema());
        this.rows = file.getRecordCount();
        this.inputBytes = source.part().fileSize();
        file.setRequestedSchema(columns);
    }

    /**
     * @throws MissingTextException if there is no such column, or it holds no text
     * @throws DamagedException if it is no Parquet file, or one whose columns are packed in a way that is not read
     */
    static ParquetDocuments open(SourceFile source, DocumentSettings settings) throws IOException {
        requireMagic(source);
        ParquetFileReader file = footer(source);
        try {
            MessageType columns = ParquetColumns.of(file.getFileMetaData().getSchema(), settings);
            ParquetColumns.requireReadable(file.getFooter(), columns, source.length());
            return new ParquetDocuments(source, settings, file, columns);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void requireMagic(SourceFile source) throws DamagedException {
        try (SourceInput in = source.open()) {
            String first = magic(in, 0);
            String last = magic(in, Math.max(0, source.length() - MAGIC.length()));
            if (last.equals(ENCRYPTED_MAGIC)) {
                throw new DamagedException("the Parquet file is encrypted, and encrypted files are not read");
            }
            if (source.length() < LEAST_BYTES || !first.equals(MAGIC) || !last.equals(MAGIC)) {
                throw new DamagedException(
                        first.equals(MAGIC) ? "the Parquet file has no end: it is cut off" : "it is no Parquet file");
            }
        }
    }

    private static String magic(SourceInput in, long position) {
        in.seek(position);
        byte[] bytes = new byte[MAGIC.length()];
        int read = 0;
        for (int more = 0; more >= 0 && read < bytes.length; more = in.read(bytes, read, bytes.length - read)) {
            read += more;
        }
        return new String(bytes, 0, Math.min(read, bytes.length), StandardCharsets.ISO_8859_1);
    }

    private static ParquetFileReader footer(SourceFile source) throws DamagedException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .build();
        try {
            return ParquetFileReader.open(new ParquetInput(source), options);
        } catch (IOException | RuntimeException e) {
            throw new DamagedException("the footer of the Parquet file is damaged", e);
        }
    }

    @Override
    public @Nullable Item next() throws IOException {
        try {
            return beginsGroup() ? item(group().read()) : null;
        } catch (IOException | RuntimeException e) {
            throw inOurWords(e);
        }
    }

    /** False at the end. */
    private boolean beginsGroup() throws IOException {
        while (group == null || readOfGroup == rowsInGroup) {
            groups++;
            PageReadStore pages = file.readNextRowGroup();
            if (pages == null) {
                return false;
            }
            rowsInGroup = pages.getRowCount();
            readOfGroup = 0;
            group = columnIo.getRecordReader(pages, new GroupRecordConverter(columns));
        }
        readOfGroup++;
        return true;
    }

    private RecordReader<Group> group() {
        return Objects.requireNonNull(group, "a group is read when it has begun");
    }

    /** What unpacks a page says it best; Parquet wraps that in exceptions of its own. */
    private DamagedException inOurWords(Exception e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof DamagedException damaged) {
                return damaged;
            }
        }
        return new DamagedException("row group " + groups + " of the Parquet file is damaged", e);
    }

    private Item item(Group row) {
        read++;
        long ofInput = inputBytes * read / rows - inputBytes * (read - 1) / rows;
        boolean named = columns.getFieldCount() > 1 && row.getFieldRepetitionCount(1) > 0;
        String id = named ? row.getValueToString(1, 0) : source + ":" + read;
        if (row.getFieldRepetitionCount(0) == 0) {
            return Item.reject(source, read, id, ofInput, RejectReason.MISSING_TEXT, "the column is null in this row");
        }
        byte[] bytes = row.getBinary(0, 0).getBytes();
        Item document = Item.document(source, read, id, bytes, ofInput);
        return bytes.length > settings.maxBytes()
                ? document.rejected(
                        RejectReason.TOO_LONG, TooLong.message("the text", bytes.length, settings.maxBytes()))
                : document;
    }

    @Override
    public long taken() {
        return read;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
