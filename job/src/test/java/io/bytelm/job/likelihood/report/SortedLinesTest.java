package io.bytelm.job.likelihood.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedLinesTest {
    @TempDir
    private Path directory;

    @Test
    void linesOfManyFilesComeInTheOrderOfTheirKeys() throws IOException {
        for (int runChars : new int[] {1, 100, 1 << 20}) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                lines.add("source\t%019d\t{\"é\":%d}".formatted(i, i));
            }
            List<String> shuffled = new ArrayList<>(lines);
            Collections.shuffle(shuffled, new Random(runChars));
            List<org.apache.flink.core.fs.Path> files = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                Path file = directory.resolve(runChars + "-" + part);
                Files.write(file, shuffled.subList(part * 150, part == 2 ? 500 : (part + 1) * 150));
                files.add(new org.apache.flink.core.fs.Path(file.toUri()));
            }

            List<String> sorted = new ArrayList<>();
            Path runs = Files.createDirectory(directory.resolve("runs-" + runChars));
            try (SortedLines found = SortedLines.of(files, runs, runChars)) {
                assertThat(runs).as("runs outlive no program").isEmptyDirectory();
                for (SortedLines.Line line = found.next(); line != null; line = found.next()) {
                    sorted.add(line.key() + line.row());
                }
            }

            assertThat(sorted).as(runChars + " characters a run").isEqualTo(lines);
        }
    }
}
