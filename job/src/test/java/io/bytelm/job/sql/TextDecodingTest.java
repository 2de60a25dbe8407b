package io.bytelm.job.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

/** Outputs of a small model that knows nothing, so that only the constraint tells what they look like. */
class TextDecodingTest {
    private static final String TWO_ONES =
            "{\"type\": \"array\", \"items\": {\"const\": 1}, \"minItems\": 2, \"maxItems\": 2}";

    private static List<String> outputs(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        all.put("task", "decode");
        ToyRows rows = new ToyRows(all, Map.of("output", VarCharType.STRING_TYPE));
        return IntStream.range(0, 20)
                .mapToObj(prompt -> rows.of("prompt " + prompt).getString(0).toString())
                .toList();
    }

    @Test
    void aComposedConstraintIsSatisfied() {
        String constraint =
                "{\"kind\": \"sequence\", \"items\": [\"<\", {\"kind\": \"regex\", \"source\": \"[ab]{2}\"}, \">\"]}";

        List<String> outputs = outputs(Map.of("constraint", constraint));

        assertThat(outputs).allMatch(output -> output.matches("<[ab]{2}>"));
        assertThat(outputs).contains("<ab>", "<ba>");
    }

    @Test
    void theSameTextAndSeedGiveTheSameOutputWhoeverDraws() {
        Map<String, String> words = Map.of("regex", "[a-z]{8}", "seed", "7");

        assertThat(outputs(words))
                .isEqualTo(outputs(words))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(outputs(Map.of("regex", "[a-z]{8}", "seed", "8")));
    }

    @Test
    void jsonIsCompactUnlessToldOtherwise() {
        assertThat(outputs(Map.of("json-schema", TWO_ONES))).containsOnly("[1,1]");
    }

    @Test
    void jsonIsPrintedAsProgramsDo() {
        List<String> outputs = outputs(Map.of("json-schema", TWO_ONES, "whitespace", "true"));

        assertThat(outputs).allMatch(output -> output.matches("\\[(\n[ \t]{0,4})?1\n?,( |\n[ \t]{0,4})?1\n?]"));
        assertThat(outputs).anyMatch(output -> !output.equals("[1,1]"));
    }

    @Test
    void gapsAreAsLongAsTheyMayBe() {
        List<String> outputs = outputs(Map.of("json-schema", TWO_ONES, "whitespace-max", "2"));
        List<String> spaces =
                outputs(Map.of("json-schema", TWO_ONES, "whitespace-max", "3", "whitespace-pattern", " *"));

        assertThat(outputs)
                .allMatch(output -> output.matches("\\s{0,2}\\[\\s{0,2}1\\s{0,2},\\s{0,2}1\\s{0,2}]\\s{0,2}"));
        assertThat(outputs).anyMatch(output -> output.matches("(?s).*\\s{2}.*"));
        assertThat(spaces).allMatch(output -> output.matches(" {0,3}\\[ {0,3}1 {0,3}, {0,3}1 {0,3}] {0,3}"));
        assertThat(spaces).anyMatch(output -> output.contains("   "));
    }
}
