package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.likelihood.FaultyFileSystemFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file system or the network does wrong is no fault of a document. */
class FaultyInputTest {
    private static final int DOCUMENTS = 200;
    private static final int READ = 136;
    private static final Patience SHORT = new Patience(4, 1, 2);
    private static final int FOR_EVER = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    @AfterEach
    void heal() {
        FaultyFileSystemFactory.failReads(0, 1);
    }

    @Test
    void aReadThatFailsIsMadeAgainAndNoDocumentIsMissing() throws IOException {
        List<String> documents = CorpusFiles.documents(DOCUMENTS, 5);
        for (Path file : CorpusFiles.writeAll(directory, documents).values()) {
            FaultyFileSystemFactory.failReads(1000, 2);

            List<Item> items = read(split(file));

            assertThat(ReadItems.texts(items)).as(file.toString()).isEqualTo(documents);
            assertThat(FaultyFileSystemFactory.failuresLeft())
                    .as(file.toString())
                    .isLessThan(1000);
        }
    }

    @Test
    void aFileSystemThatStaysAwayEndsTheRunAndMakesNoReject() throws IOException {
        for (Path file : CorpusFiles.writeAll(directory, CorpusFiles.documents(DOCUMENTS, 5))
                .values()) {
            FileSourceSplit split = split(file);
            FaultyFileSystemFactory.failReads(FOR_EVER, 1);

            assertThatThrownBy(() -> read(split))
                    .as(file.toString())
                    .isInstanceOf(InputFailure.class)
                    .hasMessageMatching("input faulty:.*" + file.getFileName()
                            + " cannot be read \\(Connection reset\\), after 4 attempts;"
                            + " the same command goes on from the last checkpoint once it can be read");
            FaultyFileSystemFactory.failReads(0, 1);
        }
    }

    @Test
    void goingOnDoesNotTakeAFailureForTheItemsThatItLeavesOut() throws IOException {
        for (Path file : CorpusFiles.writeAll(directory, CorpusFiles.documents(DOCUMENTS, 6))
                .values()) {
            FileSourceSplit stopped = stopped(file);
            FaultyFileSystemFactory.failReads(FOR_EVER, 1);

            assertThatThrownBy(() -> goOn(stopped)).as(file.toString()).isInstanceOf(InputFailure.class);

            FaultyFileSystemFactory.failReads(0, 1);
            assertThat(goOn(stopped)).as(file.toString()).hasSize(DOCUMENTS - READ);
        }
    }

    @Test
    void aFileThatIsGoneIsNoReject() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "one\ntwo\n");
        FileSourceSplit split = split(file);
        Files.delete(file);

        assertThatThrownBy(() -> read(split))
                .isInstanceOf(InputFailure.class)
                .hasMessageContaining("a.txt cannot be read (");
    }

    @Test
    void aFileThatHasGrownOrShrunkIsRefusedByName() throws IOException {
        for (String text : new String[] {"one\ntwo\nthree\n", "one\n"}) {
            Path file = Files.writeString(directory.resolve("a.txt"), "one\ntwo\n");
            FileSourceSplit split = split(file);
            FileTime before = Files.getLastModifiedTime(file);
            Files.setLastModifiedTime(Files.writeString(file, text), before);

            assertThatThrownBy(() -> read(split))
                    .isInstanceOf(InputFailure.class)
                    .hasMessageMatching(
                            "input faulty:.*/a.txt has changed since the run began \\(then 8 bytes of .*, now "
                                    + text.length()
                                    + " bytes of .*\\); put the old file back, or score what is there into another --out");
        }
    }

    @Test
    void damageInAFileThatHasChangedIsNoReject() throws IOException {
        Path file = Files.write(
                directory.resolve("a.txt.gz"), CorpusFiles.gzip("one\ntwo\n".getBytes(StandardCharsets.UTF_8)));
        FileSourceSplit split = split(file);
        Files.writeString(file, "not packed at all");

        assertThatThrownBy(() -> read(split)).isInstanceOf(InputFailure.class).hasMessageContaining("has changed");
    }

    @Test
    void goingOnInAFileOfOtherContentIsRefusedByName() throws IOException {
        for (Path file : CorpusFiles.writeAll(directory, CorpusFiles.documents(DOCUMENTS, 7))
                .values()) {
            FileSourceSplit stopped = stopped(file);
            // Of the same length and time: only what is in it shows it.
            byte[] bytes = Files.readAllBytes(file);
            byte[] other = Files.readAllBytes(
                    CorpusFiles.writeAll(directory.resolve("other"), changed(CorpusFiles.documents(DOCUMENTS, 7)))
                            .values()
                            .stream()
                            .filter(path -> path.getFileName().equals(file.getFileName()))
                            .findFirst()
                            .orElseThrow());
            FileTime time = Files.getLastModifiedTime(file);
            Files.setLastModifiedTime(Files.write(file, other), time);

            assertThatThrownBy(() -> goOn(stopped))
                    .as(file + ", " + bytes.length + " and " + other.length + " bytes")
                    .isInstanceOf(InputFailure.class)
                    .hasMessageContaining(file + " has changed since the run began");
        }
    }

    /** The same lengths, but for compression. */
    private static List<String> changed(List<String> documents) {
        List<String> changed = new ArrayList<>(documents);
        changed.set(READ / 2, documents.get(READ / 2).replace('e', 'f').replace('o', 'p'));
        return changed;
    }

    @Test
    void aPlaceOfAnEarlierFormatCountsBlankLinesToo() throws IOException {
        Path file = Files.writeString(
                directory.resolve("a.jsonl"), "{\"text\":\"1\"}\n\n{\"text\":\"3\"}\n \n{\"text\":\"5\"}\n\n");
        for (int lines = 0; lines <= 6; lines++) {
            List<Item> items = goOn(split(file)
                    .updateWithCheckpointedPosition(new CheckpointedPosition(CheckpointedPosition.NO_OFFSET, lines)));

            assertThat(ReadItems.texts(items))
                    .as("after " + lines)
                    .isEqualTo(List.of("1", "3", "5").subList((lines + 1) / 2, 3));
        }
    }

    @Test
    void aListingMayTellMoreOfATimeThanAFileDoes() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "one\ntwo\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
        FileSourceSplit split =
                new FileSourceSplit("0", FaultyFileSystemFactory.path(file), 0, 8, 1_700_000_000_123L, 8);

        assertThat(read(split)).hasSize(2);
    }

    private FileSourceSplit split(Path file) throws IOException {
        return new FileSourceSplit(
                "0",
                FaultyFileSystemFactory.path(file),
                0,
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis(),
                Files.size(file));
    }

    /** With the place behind some documents. */
    private FileSourceSplit stopped(Path file) throws IOException {
        FileSourceSplit split = split(file);
        List<RecordAndPosition<Item>> read = all(format().createReader(new Configuration(), split));
        RecordAndPosition<Item> last = read.get(READ - 1);
        return split.updateWithCheckpointedPosition(
                new CheckpointedPosition(last.getOffset(), last.getRecordSkipCount()));
    }

    private static DocumentFormat format() {
        return new DocumentFormat(ReadItems.lines(), SHORT);
    }

    private static List<Item> read(FileSourceSplit split) throws IOException {
        return items(all(format().createReader(new Configuration(), split)));
    }

    private static List<Item> goOn(FileSourceSplit split) throws IOException {
        return items(all(format().restoreReader(new Configuration(), split)));
    }

    private static List<Item> items(List<RecordAndPosition<Item>> read) {
        return read.stream().map(RecordAndPosition::getRecord).toList();
    }

    private static List<RecordAndPosition<Item>> all(BulkFormat.Reader<Item> reader) throws IOException {
        List<RecordAndPosition<Item>> read = new ArrayList<>();
        try (reader) {
            for (var batch = reader.readBatch(); batch != null; batch = reader.readBatch()) {
                for (RecordAndPosition<Item> next = batch.next(); next != null; next = batch.next()) {
                    read.add(next);
                }
            }
        }
        return read;
    }
}
