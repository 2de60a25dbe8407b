package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.RandomWalks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random documents of random schemas, judged as another implementation of the standard judges them. {@code -Dfuzz.schemas=3000}
 * judges some 300,000.
 */
class RandomDocumentsTest {
    private static final int SCHEMAS = Integer.getInteger("fuzz.schemas", 40);
    private static final long FIRST_SEED = Long.getLong("fuzz.seed", 0L);
    private static final int DOCUMENTS_OF_EACH = 120;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory JUDGES = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final List<String> SCALARS =
            List.of("0", "1", "12", "-3", "1.5", "\"\"", "\"x\"", "\"xyz\"", "\"ab\"", "null", "true", "false");
    private static final List<String> KEYS = List.of("a", "aa", "ab", "b", "ba", "c", "aaa", "bb");

    private final List<String> faults = new ArrayList<>();
    private int valid;
    private int invalid;

    @Test
    void eachIsJudgedAsTheStandardSays() throws JsonProcessingException {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEMAS; seed++) {
            judge(seed);
        }
        assertThat(faults).as(() -> String.join("\n", faults)).isEmpty();
        assertThat(valid).isGreaterThan(SCHEMAS);
        assertThat(invalid).isGreaterThan(SCHEMAS);
    }

    private void judge(long seed) throws JsonProcessingException {
        Random random = new Random(seed);
        String schema = new RandomSchema(random).next(0);
        JsonNode read = JSON.readTree(schema);
        if (misleadsTheJudge(read)) {
            return;
        }
        Constraint constraint;
        try {
            constraint = JsonSchema.compile(schema, SchemaOptions.VALIDATION, CompileLimits.DEFAULT);
        } catch (ConstraintException refused) {
            return;
        }
        com.networknt.schema.JsonSchema judge = JUDGES.getSchema(read);
        for (int i = 0; i < DOCUMENTS_OF_EACH; i++) {
            String document = document(random, 0);
            boolean expected = judge.validate(JSON.readTree(document)).isEmpty();
            boolean actual = RandomWalks.accepts(constraint, document.getBytes(UTF_8));
            if (expected) {
                valid++;
            } else {
                invalid++;
            }
            if (actual != expected) {
                faults.add(
                        "seed " + seed + ", " + schema + ": " + document + " is " + (expected ? "valid" : "invalid"));
            }
        }
    }

    /** Keywords of arrays that it lets refuse other values, see {@code findings/networknt-array-keywords-judge-others.sh}. */
    private static boolean misleadsTheJudge(JsonNode schema) {
        boolean limitsCross =
                schema.path("minContains").asInt(0) > schema.path("maxContains").asInt(Integer.MAX_VALUE);
        boolean isOfArraysOnly = schema.path("type").asText().equals("array");
        if (limitsCross || (schema.has("uniqueItems") && !isOfArraysOnly)) {
            return true;
        }
        for (JsonNode part : schema) {
            if (misleadsTheJudge(part)) {
                return true;
            }
        }
        return false;
    }

    private static String document(Random random, int depth) {
        return switch (random.nextInt(depth > 1 ? 1 : 5)) {
            case 0 -> SCALARS.get(random.nextInt(SCALARS.size()));
            case 1, 2 -> {
                Supplier<String> member = () -> document(random, depth + 1);
                yield KEYS.stream()
                        .filter(key -> random.nextInt(3) == 0)
                        .map(key -> "\"" + key + "\":" + member.get())
                        .collect(Collectors.joining(",", "{", "}"));
            }
            default ->
                IntStream.range(0, random.nextInt(5))
                        .mapToObj(i -> document(random, depth + 1))
                        .collect(Collectors.joining(",", "[", "]"));
        };
    }
}
