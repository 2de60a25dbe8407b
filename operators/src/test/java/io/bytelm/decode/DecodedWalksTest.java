package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintKind;
import java.io.IOException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random outputs of every kind of constraint under a byte budget, drawn by the decoder itself from a model that spreads its
 * probability, and judged by somebody else's code. {@code -Ddecode.walks=100000} draws the full number.
 */
class DecodedWalksTest {
    private static final int WALKS = Integer.getInteger("decode.walks", 300);
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String SCHEMA = """
            {"type":"object","properties":{"id":{"type":"integer","minimum":-5,"maximum":120},
             "tags":{"type":"array","items":{"type":"string","maxLength":4},"maxItems":3},
             "next":{"anyOf":[{"type":"null"},{"$ref":"#"}]}},"required":["id","next"],"additionalProperties":false}""";
    private static final String ARITHMETIC = """
            root ::= sum
            sum ::= sum "+" product | product
            product ::= product "*" value | value
            value ::= [0-9] | [1-9] [0-9] | "(" sum ")\"""";
    private static final String REGEX = "(\\d{1,3}\\.){3}\\d{1,3}|[a-fé]+-[^\\x00-\\x1f\"]{0,9}";

    static Stream<Arguments> kinds() throws IOException {
        JsonSchema judge =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(STRICT.readTree(SCHEMA));
        Predicate<String> isSchema = text -> judge.validate(read(text)).isEmpty();
        Set<String> choices = Set.of("north", "northeast", "east", "é", "");
        return Stream.of(
                Arguments.of(
                        ConstraintKind.CHOICES, "[\"north\",\"northeast\",\"east\",\"é\",\"\"]", (Predicate<String>)
                                choices::contains),
                Arguments.of(ConstraintKind.REGEX, REGEX, Pattern.compile(REGEX).asMatchPredicate()),
                Arguments.of(ConstraintKind.JSON, "", (Predicate<String>)
                        text -> !read(text).isMissingNode()),
                Arguments.of(ConstraintKind.JSON_SCHEMA, SCHEMA, isSchema),
                Arguments.of(ConstraintKind.GBNF, ARITHMETIC, (Predicate<String>) Sums::isSum));
    }

    private static com.fasterxml.jackson.databind.JsonNode read(String text) {
        try {
            return STRICT.readTree(text);
        } catch (IOException invalid) {
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void everyOutputIsCompleteAndValid(ConstraintKind kind, String source, Predicate<String> isValid) {
        Constraint constraint = ToyDecoding.constraint(kind, source);
        int fewest = constraint.start().fewestBytesToAccept();
        SpreadingModel model = new SpreadingModel();
        int incomplete = 0;
        int invalid = 0;
        int overBudget = 0;
        int deadEnds = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            int budget = Math.max(1, fewest) + walk % 60;
            boolean eosEnds = walk % 2 == 0;
            DecodingRules rules =
                    new DecodingRules(constraint, Sampler.STANDARD, StopStrings.NONE, budget, eosEnds, 1, walk);
            Draft output = model.decode(rules);
            incomplete += output.complete() ? 0 : 1;
            invalid += isValid.test(new String(output.bytes(), UTF_8)) ? 0 : 1;
            overBudget += output.bytes().length <= budget ? 0 : 1;
            deadEnds += output.ending() == Ending.DEAD_END ? 1 : 0;
        }
        assertThat(new int[] {incomplete, invalid, overBudget, deadEnds})
                .as("%s: incomplete, invalid, over budget, dead ends of %d", kind, WALKS)
                .containsExactly(0, 0, 0, 0);
    }
}
