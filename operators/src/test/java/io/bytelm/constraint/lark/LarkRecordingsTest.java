package io.bytelm.constraint.lark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.grammar.SchemaCompiler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All short texts over an alphabet against what Lark's Earley parser derives; recorded by {@code lark_recordings.py}. */
class LarkRecordingsTest {
    @Test
    void everyShortTextIsJudgedAsLarkDoes() throws IOException {
        int grammars = 0;
        long derived = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(LarkRecordingsTest.class.getResourceAsStream("/lark/recordings.jsonl")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                derived += compare(new ObjectMapper().readTree(line));
                grammars++;
            }
        }
        assertThat(grammars).isGreaterThan(90);
        assertThat(derived).isGreaterThan(5_000);
    }

    private static int compare(JsonNode recording) {
        String grammar = recording.get("grammar").textValue();
        Constraint constraint;
        try {
            constraint = Lark.compile(grammar, SchemaCompiler.NONE, CompileLimits.DEFAULT);
        } catch (ConstraintException e) {
            assertThat(e.reason()).as(grammar).isEqualTo(ConstraintException.Reason.UNSATISFIABLE);
            assertThat(recording.get("derived").isEmpty()).as(grammar).isTrue();
            return 0;
        }
        Set<String> derived = new HashSet<>();
        recording.get("derived").forEach(text -> derived.add(text.textValue()));
        int shortest = Integer.MAX_VALUE;
        for (String text : texts(recording)) {
            assertThat(RandomWalks.accepts(constraint, text.getBytes(StandardCharsets.UTF_8)))
                    .as("%s\non \"%s\"", grammar, text)
                    .isEqualTo(derived.contains(text));
            shortest = derived.contains(text) ? Math.min(shortest, text.length()) : shortest;
        }
        assertThat(constraint.start().fewestBytesToAccept()).as(grammar).isLessThanOrEqualTo(shortest);
        return derived.size();
    }

    private static List<String> texts(JsonNode recording) {
        String alphabet = recording.get("alphabet").textValue();
        List<String> texts = new ArrayList<>(List.of(""));
        for (int i = 0; texts.get(i).length() < recording.get("longest").intValue(); i++) {
            for (char c : alphabet.toCharArray()) {
                texts.add(texts.get(i) + c);
            }
        }
        return texts;
    }
}
