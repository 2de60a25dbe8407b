package io.bytelm.job.likelihood.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.document.RejectReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rows as lines. */
class RowLineTest {
    private static String rejected(String source) {
        return RowLine.rejected(Item.reject(source, 7, source, 1, RejectReason.DEAD_END, "why"));
    }

    @Test
    void filesOfAnyNameHaveALineAndAKeyEach() {
        List<String> names = List.of("a b", "a\tb", "a\nb", "a\rb", "a\\tb", "a\\\tb", "a\r\nb");
        List<String> lines = names.stream().map(RowLineTest::rejected).toList();

        assertThat(lines).allSatisfy(line -> {
            assertThat(line).hasLineCount(1);
            assertThat(line.substring(RowLine.rowStart(line)))
                    .startsWith("{\"id\":")
                    .endsWith("\"message\":\"why\"}");
        });
        Stream<String> keys = lines.stream().map(line -> line.substring(0, RowLine.rowStart(line)));
        assertThat(keys).doesNotHaveDuplicates();
    }
}
