package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes a corpus in every format: {@code mvn -pl job -am test -Dtest=CorpusFilesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcorpus.dir=DIR [-Dcorpus.documents=10000]}; without a directory, a small one
 * that is thrown away.
 */
class CorpusFilesTest {
    @Test
    void theCorpusIsWrittenInEveryFormat(@TempDir Path temporary) throws IOException {
        String given = System.getProperty("corpus.dir", "");
        Path directory = given.isEmpty() ? temporary : Path.of(given);
        int count = given.isEmpty() ? 50 : Integer.getInteger("corpus.documents", 10_000);
        List<String> documents = CorpusFiles.documents(count, 10);

        for (Path file : CorpusFiles.writeAll(directory, documents).values()) {
            assertThat(ReadItems.of(ReadItems.whole(file), ReadItems.lines()))
                    .as(file.toString())
                    .hasSize(count);
        }
    }
}
