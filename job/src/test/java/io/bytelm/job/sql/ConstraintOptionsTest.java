package io.bytelm.job.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.Cursor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConstraintOptionsTest {
    private static boolean accepts(Map<String, String> options, String text) {
        @Nullable
        Cursor at = ConstraintOptions.compile(new GivenOptions(options)).start();
        for (byte b : text.getBytes(UTF_8)) {
            at = at == null ? null : at.step(b & 0xFF);
        }
        return at != null && at.accepting();
    }

    @Test
    void whiteSpaceIsWhatProgramsPrintAndDoesNotRunAway() {
        for (Map<String, String> json : List.of(
                Map.of("json", "true", "whitespace", "true"), Map.of("json-schema", "{}", "whitespace", "true"))) {
            assertThat(accepts(json, "{\n  \"a\": [1, 2]\n}")).isTrue();
            assertThat(accepts(json, "[1,          2]")).isFalse();
            assertThat(accepts(json, "[1]\n\n")).isFalse();
        }
        assertThat(accepts(Map.of("json", "true"), "[1, 2]")).isFalse();
    }
}
