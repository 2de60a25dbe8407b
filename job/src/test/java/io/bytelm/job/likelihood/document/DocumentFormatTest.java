package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of files, good and bad. */
class DocumentFormatTest {
    @TempDir
    private Path directory;

    @Test
    void everyFormatGivesTheSameDocuments() throws IOException {
        List<String> documents = CorpusFiles.documents(2000, 1);
        for (Map.Entry<String, Path> file :
                CorpusFiles.writeAll(directory, documents).entrySet()) {
            List<Item> items = ReadItems.of(ReadItems.whole(file.getValue()), ReadItems.lines());

            assertThat(ReadItems.texts(items)).as(file.getKey()).isEqualTo(documents);
            assertThat(items.get(7).id())
                    .as(file.getKey())
                    .isEqualTo(file.getKey().startsWith("text") ? file.getValue() + ":8" : "document-7");
            assertThat(items.stream().mapToLong(Item::inputBytes).sum())
                    .as(file.getKey())
                    .isEqualTo(Files.size(file.getValue()));
        }
    }

    @Test
    void aReaderGoesOnWhereItWasStopped() throws IOException {
        List<String> documents = CorpusFiles.documents(300, 2);
        for (Path file : CorpusFiles.writeAll(directory, documents).values()) {
            for (int stoppedAfter : new int[] {1, 64, 65, 299, 300}) {
                List<Item> items = ReadItems.interrupted(ReadItems.whole(file), ReadItems.lines(), stoppedAfter);

                assertThat(ReadItems.texts(items))
                        .as(file + " after " + stoppedAfter)
                        .isEqualTo(documents);
            }
        }
    }

    @Test
    void partsOfAFileHaveTheLinesOfTheWhole() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] bytes = randomLines(random);
            Path file = Files.write(directory.resolve("lines.txt"), bytes);
            List<Item> parts = new ArrayList<>();
            for (long from = 0; from < bytes.length; ) {
                long length = Math.min(1 + random.nextInt(20), bytes.length - from);
                parts.addAll(ReadItems.of(ReadItems.part(file, from, length), ReadItems.lines()));
                from += length;
            }
            List<Item> whole = ReadItems.of(ReadItems.whole(file), ReadItems.lines());

            assertThat(ReadItems.texts(parts)).as("seed " + seed).isEqualTo(ReadItems.texts(whole));
            assertThat(parts.stream().map(Item::id))
                    .as("seed " + seed)
                    .isEqualTo(whole.stream().map(Item::id).toList());
        }
    }

    private static byte[] randomLines(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(100)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(5) == 0 ? '\n' : 'a' + random.nextInt(3));
        }
        return bytes;
    }

    @Test
    void largeFilesOfLinesAreReadInPartsAndOthersAreNot() {
        SplitPlan plan = new SplitPlan(
                ReadItems.lines(),
                List.of(
                        new InputFile("file:/a.txt", 10_000_000, 0),
                        new InputFile("file:/b.txt.gz", 10_000_000, 0),
                        new InputFile("file:/c.txt", 0, 0)));

        List<FileSourceSplit> splits = List.copyOf(plan.splits(2));

        assertThat(splits).hasSize(64 + 1 + 1);
        assertThat(splits.stream().limit(64).mapToLong(FileSourceSplit::length).sum())
                .isEqualTo(10_000_000);
        assertThat(splits.stream().map(FileSourceSplit::splitId).distinct()).hasSize(66);
        assertThat(plan.splits(100))
                .as("where many read, there is work for all")
                .hasSize(400 + 1 + 1);
    }

    @Test
    void linesEndWithLfOrCrLfAndTheLastOneWithout() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "a\r\n\nb\rc\n\r\nlast\r");

        assertThat(ReadItems.texts(ReadItems.of(ReadItems.whole(file), ReadItems.lines())))
                .containsExactly("a", "", "b\rc", "", "last\r");
    }

    @Test
    void anEmptyFileIsAnEmptyDocumentAndHasNoLines() throws IOException {
        Path file = Files.createFile(directory.resolve("empty.txt"));

        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines())).isEmpty();
        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.settings(DocumentSettings.Unit.FILE, 10)))
                .singleElement()
                .satisfies(item -> assertThat(item.bytes()).isEmpty());
    }

    @Test
    void anyBytesAreADocument() throws IOException {
        byte[] bytes = {0, -1, 'a', -61};
        Path file = Files.write(directory.resolve("binary.bin"), bytes);

        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                .singleElement()
                .satisfies(item -> assertThat(item.bytes()).isEqualTo(bytes));
    }

    @Test
    void aLineBeyondTheLimitIsRefusedAndTheNextOneIsRead() throws IOException {
        String longLine = "x".repeat(300_000);
        Path file = Files.writeString(directory.resolve("long.txt"), "a\n" + longLine + "\nb\n");

        List<Item> items = ReadItems.of(ReadItems.whole(file), ReadItems.lines());

        assertThat(items).extracting(Item::reason).containsExactly(null, RejectReason.TOO_LONG, null);
        assertThat(items.get(1).message()).contains("300000 bytes").contains("limit of 1000");
        assertThat(items.get(1).bytes()).isEmpty();
    }

    @Test
    void aLineOfJustTheLimitIsADocument() throws IOException {
        for (String end : new String[] {"\n", "\r\n", ""}) {
            Path file = Files.writeString(directory.resolve("just.txt"), "y".repeat(1000) + end);

            assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                    .singleElement()
                    .satisfies(item -> assertThat(item.bytes()).hasSize(1000));
        }
    }

    @Test
    void aFileBeyondTheLimitIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("long.txt"), "x".repeat(1001));

        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.settings(DocumentSettings.Unit.FILE, 1000)))
                .extracting(Item::reason)
                .containsExactly(RejectReason.TOO_LONG);
    }

    @Test
    void ofATruncatedArchiveTheBeginningCounts() throws IOException {
        byte[] text = randomText(200_000).getBytes(StandardCharsets.UTF_8);
        for (String suffix : new String[] {".gz", ".zst"}) {
            byte[] packed = suffix.equals(".gz") ? CorpusFiles.gzip(text) : CorpusFiles.zstd(text);
            Path file =
                    Files.write(directory.resolve("cut.txt" + suffix), Arrays.copyOf(packed, packed.length * 3 / 4));

            List<Item> items = ReadItems.of(ReadItems.whole(file), ReadItems.lines());

            assertThat(items).hasSizeGreaterThan(10);
            assertThat(items.subList(0, items.size() - 1))
                    .extracting(Item::reason)
                    .containsOnlyNulls();
            Item last = items.get(items.size() - 1);
            assertThat(last.reason()).isEqualTo(RejectReason.UNREADABLE);
            assertThat(last.message()).contains("cut.txt" + suffix + ":" + (items.size() - 1));
            assertThat(items.stream().mapToLong(Item::inputBytes).sum()).isEqualTo(Files.size(file));
        }
    }

    private static String randomText(int bytes) {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder();
        while (text.length() < bytes) {
            text.append(Long.toString(random.nextLong(), 36)).append('\n');
        }
        return text.toString();
    }

    @Test
    void whatCannotBeOpenedIsRefused() throws IOException {
        Path noGzip = Files.writeString(directory.resolve("text.gz"), "not packed at all");
        Path noParquet = Files.writeString(directory.resolve("text.parquet"), "not Parquet at all, really");
        for (Path file : List.of(noGzip, noParquet)) {
            assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                    .as(file.toString())
                    .extracting(Item::reason)
                    .containsExactly(RejectReason.UNREADABLE);
        }
    }

    @Test
    void badJsonIsRefusedLineByLine() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.jsonl"), """
                {"id": 1, "text": "good"}
                {"id": 2, "text": "unfinished
                ["not an object"]
                {"id": 4, "body": "elsewhere"}
                {"id": 5, "text": {"deep": 1}}
                {"id": 6, "text": "half \\ud800"}
                {"text": "no name", "more": [1, {"text": "not this"}]}
                """);

        List<Item> items = ReadItems.of(ReadItems.whole(file), ReadItems.lines());

        assertThat(items)
                .extracting(Item::reason)
                .containsExactly(
                        null,
                        RejectReason.MALFORMED_JSON,
                        RejectReason.MALFORMED_JSON,
                        RejectReason.MISSING_TEXT,
                        RejectReason.MISSING_TEXT,
                        RejectReason.INVALID_TEXT,
                        null);
        assertThat(items).extracting(Item::id).contains("1", "4", "5", "6", file + ":7");
        assertThat(ReadItems.texts(items)).contains("good", "no name");
    }

    @Test
    void aParquetFileWithoutTheColumnIsRefusedAndTold() throws IOException {
        Path file = CorpusFiles.parquet(directory.resolve("other.parquet"), "body", List.of("a", "b"));

        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.reason()).isEqualTo(RejectReason.MISSING_TEXT);
                    assertThat(item.message())
                            .isEqualTo("the Parquet file has no column 'text'; the columns are id BINARY (STRING),"
                                    + " body BINARY (STRING); name one with --text-field");
                });
    }

    @Test
    void globsAndDirectoriesStandForTheirFiles() throws IOException {
        Files.createDirectories(directory.resolve("a b/deep"));
        Files.writeString(directory.resolve("a b/one.txt"), "1");
        Files.writeString(directory.resolve("a b/deep/two.txt"), "2");
        Files.writeString(directory.resolve("a b/deep/three.md"), "3");
        Files.writeString(directory.resolve("a b/.hidden.txt"), "4");

        assertThat(names(directory.toString())).containsExactly("three.md", "two.txt", "one.txt");
        assertThat(names(directory + "/a b/*.txt")).containsExactly("one.txt");
        assertThat(names(directory + "/a*/**/*.{txt,md}")).containsExactly("three.md", "two.txt");
        assertThat(names(directory + "/a b/one.txt", directory + "/a b")).hasSize(3);
    }

    private static List<String> names(String... given) {
        return InputFiles.of(List.of(given)).stream()
                .map(file -> file.uri().substring(file.uri().lastIndexOf('/') + 1))
                .toList();
    }
}
