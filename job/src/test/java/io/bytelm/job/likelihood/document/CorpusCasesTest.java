package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as other programs write them: pyarrow, zstd --long, pandas, editors. */
class CorpusCasesTest {
    @TempDir
    private Path directory;

    @Test
    void parquetPackedWithGzipIsRead() throws IOException {
        assertThat(ReadItems.texts(read("codec-GZIP.parquet")))
                .hasSize(6)
                .startsWith("Document number 0 is short.", "Document number 1 is short.")
                .endsWith("Document number 5 is short.");
    }

    @Test
    void oneColumnMayBePackedAnotherWay() throws IOException {
        List<Item> items = read("gz-idonly.parquet");

        assertThat(ReadItems.texts(items)).containsExactly("one text", "another text");
        assertThat(items).extracting(Item::id).doesNotContainNull().doesNotHaveDuplicates();
    }

    @Test
    void aColumnOfAnotherTypeIsNamedWithIt() throws IOException {
        assertThat(read("fixed.parquet")).singleElement().satisfies(item -> {
            assertThat(item.reason()).isEqualTo(RejectReason.MISSING_TEXT);
            assertThat(item.message())
                    .isEqualTo(
                            "column 'text' of the Parquet file has the type FIXED_LEN_BYTE_ARRAY(5), and only BINARY is"
                                    + " read as text; the columns are id BINARY (STRING), text FIXED_LEN_BYTE_ARRAY(5); name one with"
                                    + " --text-field");
        });
    }

    @Test
    void aLongZstdWindowIsRefusedWithTheOptionThatReadsIt() throws IOException {
        Path file = copy("long28.jsonl.zst");

        assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.reason()).isEqualTo(RejectReason.UNREADABLE);
                    assertThat(item.message())
                            .isEqualTo(
                                    "the file cannot be read: its zstd window is larger than 2^27 bytes;"
                                            + " --zstd-long 28 reads it, and takes as much memory for each such file that is being read");
                });
        DocumentSettings told =
                new DocumentSettings(DocumentSettings.Format.AUTO, DocumentSettings.Unit.LINE, "id", "text", 1000, 28);
        assertThat(ReadItems.texts(ReadItems.of(ReadItems.whole(file), told)))
                .startsWith("Document number 0 is short.")
                .allMatch(text -> text.matches("Document number \\d+ is short."));
    }

    @Test
    void linesEndWithLfOrCrLf() throws IOException {
        assertThat(ReadItems.texts(read("lines.txt")))
                .containsExactly("\uFEFFfirst", "second", "", "after empty\rold mac", "last without end\r");
    }

    @Test
    void jsonLinesOfAllShapes() throws IOException {
        Path file = copy("shapes.jsonl");
        List<String> said = new ArrayList<>();
        for (Item item : ReadItems.of(ReadItems.whole(file), ReadItems.lines())) {
            said.add(item.id().replace(file + ":", "line ") + ": "
                    + (item.reason() == null
                            ? "\"" + new String(item.bytes(), StandardCharsets.UTF_8) + "\""
                            : item.reason().word() + ", " + item.message()));
        }

        String noText = "missing_text, the JSON object has no text in the field 'text'; name it with --text-field";
        assertThat(said)
                .containsExactly(
                        "bom: \"first line after a byte order mark\"",
                        "nan: \"with a NaN\"",
                        "inf: \"with Infinity\"",
                        "lone: invalid_text, the text holds half of a surrogate pair, which has no UTF-8 bytes",
                        "pair: \"whole \uD83D\uDE00\"",
                        "7: \"number as id\"",
                        "empty: \"\"",
                        "null: " + noText,
                        "list: " + noText,
                        "nested: \"outer\"",
                        "nestedonly: " + noText,
                        "twice: \"two\"",
                        "big: \"a long number\"",
                        malformed(16, "a control character (byte 0x09) without escape in a string at column 25"),
                        malformed(17, "unexpected ''' at column 2"),
                        malformed(18, "unexpected '}' at column 30"),
                        malformed(19, "unexpected '/' at column 29, behind the object"),
                        "deep: \"deep\"",
                        "deep2: \"deep2\"",
                        malformed(22, "byte 0xE9 at column 25 is no UTF-8"),
                        malformed(23, "unexpected '[' at column 1"),
                        malformed(24, "unexpected '\"' at column 1"),
                        "last: \"no newline at the end, CR\r\"");
    }

    private static String malformed(int line, String why) {
        return "line " + line + ": malformed_json, line " + line + " is no JSON object: " + why;
    }

    private List<Item> read(String name) throws IOException {
        return ReadItems.of(ReadItems.whole(copy(name)), ReadItems.lines());
    }

    private Path copy(String name) throws IOException {
        try (InputStream in = CorpusCasesTest.class.getResourceAsStream("/corpus/" + name)) {
            assertThat(in).as(name).isNotNull();
            return Files.write(directory.resolve(name), in.readAllBytes());
        }
    }
}
