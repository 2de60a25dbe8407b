package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in a file, it ends in documents and rejects. */
class ParquetDamageTest {
    private static final int FILES = 300;
    private static final int DOCUMENTS = 40;
    private static final List<String> LIBRARIES = List.of("parquet.", "java.", "Exception", "io.airlift", "null");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void everyCodecThatIsReadGivesTheDocuments(String codec) throws IOException {
        List<String> documents = CorpusFiles.documents(500, 8);
        Path file = CorpusFiles.parquet(directory.resolve("a.parquet"), "text", documents, codec);

        assertThat(ReadItems.texts(ReadItems.of(ReadItems.whole(file), ReadItems.lines())))
                .isEqualTo(documents);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BROTLI", "LZO", "LZ4"})
    void aCodecThatIsNotReadIsNamed(String codec) throws IOException {
        Path file = CorpusFiles.parquet(directory.resolve("a.parquet"), "text", List.of("a", "b"), codec);

        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.reason()).isEqualTo(RejectReason.UNREADABLE);
                    assertThat(item.message())
                            .isEqualTo("the file cannot be read: column 'id' is packed with " + codec
                                    + ", which is not read; write the file with ZSTD, GZIP, SNAPPY, LZ4_RAW or"
                                    + " UNCOMPRESSED");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void changedBytesAreDocumentsOrOneReject(String codec) throws IOException {
        byte[] good = Files.readAllBytes(CorpusFiles.parquet(
                directory.resolve("good.parquet"), "text", CorpusFiles.documents(DOCUMENTS, 9), codec));
        int rejects = 0;
        for (long seed = 0; seed < FILES; seed++) {
            Path file = Files.write(directory.resolve("bad.parquet"), damaged(good, new Random(seed)));

            List<Item> items = ReadItems.of(ReadItems.whole(file), ReadItems.lines());

            List<Item> unreadable = items.stream()
                    .filter(item -> item.reason() == RejectReason.UNREADABLE)
                    .toList();
            assertThat(unreadable).as("seed " + seed).hasSizeLessThanOrEqualTo(1);
            for (Item item : unreadable) {
                assertThat(item.message())
                        .as("seed " + seed)
                        .contains(" cannot be read: ")
                        .doesNotContain(LIBRARIES);
            }
            rejects += unreadable.size();
        }
        assertThat(rejects).isGreaterThan(FILES / 3);
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = random.nextInt(10) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
        for (int i = 0; bytes.length > 0 && i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void anErrorOfADecoderIsThatFilesReject() throws IOException {
        Path file = Files.writeString(directory.resolve("a.parquet"), "anything");
        for (Error error : List.of(
                new NoClassDefFoundError("org/apache/hadoop/io/compress/GzipCodec"),
                new StackOverflowError(),
                new AssertionError("a library's"))) {
            RefusingReader reader = reader(file, error);

            Item item = reader.next();

            assertThat(item).isNotNull();
            assertThat(item.reason()).isEqualTo(RejectReason.UNREADABLE);
            assertThat(item.message()).isEqualTo("the file cannot be read: its contents cannot be decoded");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void anExhaustedVirtualMachineIsNoFilesFault() throws IOException {
        Path file = Files.writeString(directory.resolve("a.parquet"), "anything");

        assertThatThrownBy(() ->
                        reader(file, new OutOfMemoryError("Java heap space")).next())
                .isInstanceOf(OutOfMemoryError.class);
    }

    private static RefusingReader reader(Path file, Error error) throws IOException {
        return new RefusingReader(new SourceFile(ReadItems.whole(file), Patience.USUAL), opened -> {
            throw error;
        });
    }
}
