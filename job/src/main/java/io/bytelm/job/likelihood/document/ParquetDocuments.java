package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.apache.flink.connector.file.src.FileSourceSplit;
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
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Each row of a Parquet file is a document: the bytes of one column, text or binary. Only that column and the one with the
 * id are read; of these, one row group is in memory at a time.
 */
final class ParquetDocuments implements DocumentReader {
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

    private ParquetDocuments(FileSourceSplit split, DocumentSettings settings, ParquetFileReader file)
            throws MissingTextException {
        this.source = SourceName.of(split.path());
        this.settings = settings;
        this.file = file;
        MessageType schema = file.getFileMetaData().getSchema();
        this.columns = columns(schema);
        this.columnIo = new ColumnIOFactory().getColumnIO(columns, schema);
        this.rows = file.getRecordCount();
        this.inputBytes = split.fileSize();
        file.setRequestedSchema(columns);
    }

    /**
     * @throws MissingTextException if there is no such column, or it holds no text
     * @throws IOException if it is no Parquet file
     */
    static ParquetDocuments open(FileSourceSplit split, DocumentSettings settings) throws IOException {
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        ParquetFileReader file = ParquetFileReader.open(new ParquetInput(split.path(), split.fileSize()), options);
        try {
            return new ParquetDocuments(split, settings, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private MessageType columns(MessageType schema) throws MissingTextException {
        String text = settings.textField();
        if (!schema.containsField(text) || !isOneOfBytes(schema.getType(text))) {
            throw new MissingTextException("the Parquet file has no column of text '" + text + "'; its columns are "
                    + String.join(
                            ", ", schema.getFields().stream().map(Type::getName).toList())
                    + "; name one with --text-field");
        }
        String id = settings.idField();
        return schema.containsField(id) && schema.getType(id).isPrimitive() && !id.equals(text)
                ? new MessageType(schema.getName(), schema.getType(text), schema.getType(id))
                : new MessageType(schema.getName(), schema.getType(text));
    }

    private static boolean isOneOfBytes(Type type) {
        return type.isPrimitive()
                && !type.isRepetition(Type.Repetition.REPEATED)
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }

    @Override
    public @Nullable Item next() throws IOException {
        while (group == null || readOfGroup == rowsInGroup) {
            PageReadStore pages = file.readNextRowGroup();
            if (pages == null) {
                return null;
            }
            rowsInGroup = pages.getRowCount();
            readOfGroup = 0;
            group = columnIo.getRecordReader(pages, new GroupRecordConverter(columns));
        }
        readOfGroup++;
        return item(group.read());
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
    public void close() throws IOException {
        file.close();
    }
}
