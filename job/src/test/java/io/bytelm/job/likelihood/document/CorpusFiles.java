package io.bytelm.job.likelihood.document;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The same made-up documents as files of every format that is read. */
public final class CorpusFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] WORDS = {
        "the", "old", "house", "stood", "by", "a", "river", "and", "no", "one", "knew", "who", "had", "lived", "there",
        "before", "Mr.", "Brown", "came", "with", "his", "dog", "said", "she,", "it was", "très", "curious", "42", "—"
    };

    private CorpusFiles() {}

    /** Documents of a few words each, the same for the same seed. */
    public static List<String> documents(int count, long seed) {
        Random random = new Random(seed);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            int words = 1 + random.nextInt(12);
            for (int w = 0; w < words; w++) {
                text.append(w == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
            }
            documents.add(text.toString());
        }
        return documents;
    }

    /** Writes one file a format; returns them by what they are. */
    public static Map<String, Path> writeAll(Path directory, List<String> documents) throws IOException {
        Files.createDirectories(directory);
        Map<String, Path> files = new LinkedHashMap<>();
        byte[] lines = (String.join("\n", documents) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] json = jsonLines(documents).getBytes(StandardCharsets.UTF_8);
        files.put("text", Files.write(directory.resolve("corpus.txt"), lines));
        files.put("text, gzip", Files.write(directory.resolve("corpus.txt.gz"), gzip(lines)));
        files.put("text, zstd", Files.write(directory.resolve("corpus.txt.zst"), zstd(lines)));
        files.put("jsonl", Files.write(directory.resolve("corpus.jsonl"), json));
        files.put("jsonl, gzip", Files.write(directory.resolve("corpus.jsonl.gz"), gzip(json)));
        files.put("jsonl, zstd", Files.write(directory.resolve("corpus.jsonl.zst"), zstd(json)));
        files.put("parquet", parquet(directory.resolve("corpus.parquet"), "text", documents));
        return files;
    }

    /** Writes a file a document: every third one compressed with gzip, every third one with zstd; returns the directory. */
    public static Path writeEach(Path directory, List<String> documents) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < documents.size(); i++) {
            byte[] bytes = documents.get(i).getBytes(StandardCharsets.UTF_8);
            switch (i % 3) {
                case 0 -> Files.write(directory.resolve(id(i) + ".txt"), bytes);
                case 1 -> Files.write(directory.resolve(id(i) + ".txt.gz"), gzip(bytes));
                default -> Files.write(directory.resolve(id(i) + ".txt.zst"), zstd(bytes));
            }
        }
        return directory;
    }

    private static String jsonLines(List<String> documents) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < documents.size(); i++) {
            lines.append(JSON.writeValueAsString(Map.of("id", id(i), "text", documents.get(i))))
                    .append('\n');
        }
        return lines.toString();
    }

    /** What the formats that have names call a document. */
    public static String id(int index) {
        return "document-" + index;
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    static byte[] zstd(byte[] bytes) throws IOException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        try (OutputStream zstd = new ZstdOutputStream(out)) {
            zstd.write(bytes);
        }
        return out.toByteArray();
    }

    static Path parquet(Path file, String textColumn, List<String> documents) throws IOException {
        return parquet(file, textColumn, documents, CompressionCodecName.SNAPPY.name());
    }

    static Path parquet(Path file, String textColumn, List<String> documents, String codec) throws IOException {
        MessageType schema = Types.buildMessage()
                .addField(Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("id"))
                .addField(Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(textColumn))
                .named("document");
        Files.deleteIfExists(file); // the others replace what is there
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCodecFactory(new PackingCodecs())
                .withCompressionCodec(CompressionCodecName.valueOf(codec))
                .withRowGroupSize(1 << 14)
                .build()) {
            for (int i = 0; i < documents.size(); i++) {
                Group row = new SimpleGroup(schema);
                row.add("id", id(i));
                row.add(textColumn, documents.get(i));
                writer.write(row);
            }
        }
        return file;
    }
}
