package io.bytelm.constraint.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bytelm.constraint.RandomWalks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of JSONTestSuite: {@code y_} must be accepted, {@code n_} must not, {@code i_} is free. */
class JsonTestSuiteTest {
    private static final String DIRECTORY = "json.parsing.dir";

    @Test
    void everyFileIsJudgedAsTheSuiteSays() throws IOException {
        String directory = System.getProperty(DIRECTORY, "");
        assumeTrue(!directory.isEmpty(), "set -D" + DIRECTORY + " to JSONTestSuite's test_parsing");
        JsonConstraint constraint = new JsonConstraint(JsonOptions.ANY);
        int accepted = 0;
        int rejected = 0;
        for (Path file : files(Path.of(directory))) {
            char kind = file.getFileName().toString().charAt(0);
            boolean accepts = RandomWalks.accepts(constraint, Files.readAllBytes(file));
            if (kind != 'i') {
                assertThat(accepts).as(file.getFileName().toString()).isEqualTo(kind == 'y');
                accepted += kind == 'y' ? 1 : 0;
                rejected += kind == 'n' ? 1 : 0;
            }
        }
        assertThat(accepted).isGreaterThanOrEqualTo(90);
        assertThat(rejected).isGreaterThanOrEqualTo(180);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }
}
