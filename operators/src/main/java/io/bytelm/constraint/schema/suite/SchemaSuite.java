package io.bytelm.constraint.schema.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.JsonSchema;
import io.bytelm.constraint.schema.SchemaConstraint;
import io.bytelm.constraint.schema.SchemaOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles schemas and walks documents, from lines <code>{"name", "schema", "tests": [{"data", "valid"}]}</code>. Used by
 * one thread.
 */
public final class SchemaSuite {
    /** Keeps the zeros of numbers: under draft-04 {@code 1.0} is no integer. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Schemas say the same by {@code 1.0} and {@code 1}. */
    private static final JsonMapper SCHEMAS = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final SchemaOptions options;
    private final Consumer<String> findings;
    private final Map<String, Integer> refused = new TreeMap<>();
    private final Samples compileNanos = new Samples();
    private final DecodingTimes decoding = new DecodingTimes();
    private int schemas;
    private int compiled;
    private int instances;
    private int falseAccepts;
    private int falseRejects;

    /** @param findings takes a line for each refusal and each wrong answer */
    public SchemaSuite(SchemaOptions options, Consumer<String> findings) {
        this.options = options;
        this.findings = findings;
    }

    /**
     * Runs all lines.
     *
     * @throws IllegalArgumentException if a line is not JSON of this form; the message says which
     */
    public SuiteReport run(BufferedReader lines) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                runLine(line, number);
            }
        }
        decoding.run();
        return new SuiteReport(
                schemas,
                compiled,
                refused,
                instances,
                falseAccepts,
                falseRejects,
                compileNanos.quantile(0.5) / 1e6,
                compileNanos.quantile(0.99) / 1e6,
                compileNanos.quantile(1) / 1e6,
                decoding.nanosPerByte(),
                decoding.nanosPerMask(),
                decoding.maskNanos().quantile(0.5),
                decoding.maskNanos().quantile(0.99),
                decoding.maskNanos().quantile(0.999));
    }

    private void runLine(String line, int number) throws IOException {
        JsonNode entry;
        try {
            entry = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("line " + number + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "line " + number + " has a number that is too large: " + e.getMessage(), e);
        }
        if (!entry.has("schema") || !entry.path("tests").isArray()) {
            throw new IllegalArgumentException("line " + number + " needs \"schema\" and an array \"tests\"");
        }
        schemas++;
        String name = entry.path("name").asText("line " + number);
        SchemaConstraint constraint =
                compile(name, SCHEMAS.readTree(entry.get("schema").toString()), entry.get("tests"));
        if (constraint != null) {
            compiled++;
            for (JsonNode test : entry.get("tests")) {
                check(name, constraint, test);
            }
        }
    }

    private @Nullable SchemaConstraint compile(String name, JsonNode schema, JsonNode tests) {
        long start = THREADS.getCurrentThreadCpuTime();
        try {
            return JsonSchema.compile(schema, options, CompileLimits.DEFAULT);
        } catch (ConstraintException e) {
            String message = String.valueOf(e.getMessage());
            String keyword = message.replaceFirst("^#([^:]*/)?([^/:]*): .*", "$2");
            String reason = e.reason().name().toLowerCase(Locale.ROOT)
                    + (keyword.matches("[$a-zA-Z]{1,30}") ? " " + keyword : "");
            refused.merge(reason, 1, Integer::sum);
            findings.accept("refused " + name + ": " + message);
            if (e.reason() == Reason.UNSATISFIABLE) {
                checkThatNoneIsValid(name, tests);
            }
            return null;
        } finally {
            compileNanos.add(THREADS.getCurrentThreadCpuTime() - start);
        }
    }

    private void checkThatNoneIsValid(String name, JsonNode tests) {
        for (JsonNode test : tests) {
            instances++;
            if (test.path("valid").booleanValue()) {
                falseRejects++;
                findings.accept("false reject " + name + ", which nothing is said to satisfy: " + test.get("data"));
            }
        }
    }

    private void check(String name, SchemaConstraint constraint, JsonNode test) {
        instances++;
        byte[] document = CompactJson.write(test.get("data"));
        boolean valid = test.path("valid").booleanValue();
        int end = walk(constraint, document);
        if (valid && end >= 0) {
            falseRejects++;
            findings.accept(
                    "false reject " + name + " at byte " + end + ": " + new String(document, StandardCharsets.UTF_8));
        } else if (!valid && end < 0) {
            falseAccepts++;
            findings.accept("false accept " + name + ": " + new String(document, StandardCharsets.UTF_8));
        }
        decoding.add(constraint, document);
    }

    /** Where the document leaves the constraint; -1 if it is accepted. */
    private static int walk(SchemaConstraint constraint, byte[] document) {
        Cursor cursor = constraint.start();
        for (int i = 0; i < document.length; i++) {
            boolean live = cursor.live().contains(document[i] & 0xFF);
            Cursor next = cursor.step(document[i] & 0xFF);
            if (live != (next != null)) {
                throw new IllegalStateException("the mask and the step disagree at byte " + i);
            }
            if (next == null) {
                return i;
            }
            cursor = next;
        }
        return cursor.accepting() ? -1 : document.length;
    }
}
