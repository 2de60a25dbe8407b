package io.bytelm.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintKind;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Outputs with calls of three tools under random byte budgets, drawn by the decoder itself and judged by somebody else's code. The
 * seed of a walk is its number; {@code -Ddecode.walks=10000} draws so many.
 */
class ToolCallWalksTest {
    private static final int WALKS = Integer.getInteger("decode.walks", 300);
    private static final int CALL_BYTES = 60;

    private final SpreadingModel model = new SpreadingModel();
    private final Set<String> called = new HashSet<>();

    @Test
    void freeTextWithCallsIsCompleteUnderEveryBudget() {
        Constraint required = openAi("\"tool_choice\":\"required\"");
        int calls = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            List<String> names = ToolCalls.in(drawn(required, walk, 40).bytes());
            assertThat(names).as("walk %d", walk).isNotEmpty();
            calls += names.size();
        }
        assertThat(calls).isGreaterThanOrEqualTo(WALKS);
    }

    @Test
    void severalCallsInOneTextAreEachComplete() {
        String item = "{\"kind\":\"openai\",\"tools\":" + ToolCalls.TOOLS + ",\"tool_choice\":\"required\","
                + "\"parallel_tool_calls\":false,\"response_format\":{\"type\":\"json_object\"}}";
        Constraint calls = composed("{\"kind\":\"repeat\",\"item\":" + item + ",\"min\":2,\"max\":3}");
        for (int walk = 0; walk < WALKS; walk++) {
            assertThat(ToolCalls.in(drawn(calls, walk, CALL_BYTES).bytes()))
                    .as("walk %d", walk)
                    .hasSizeBetween(2, 3);
        }
        assertThat(called).hasSize(3);
    }

    @Test
    void anAnswerIsInItsFormatWhereNoToolIsCalled() throws IOException {
        Constraint either = openAi("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":"
                + "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"}}}}");
        int answers = 0;
        for (int walk = 0; walk < WALKS; walk++) {
            byte[] output = drawn(either, walk, CALL_BYTES).bytes();
            if (ToolCalls.in(output).isEmpty()) {
                assertThat(new ObjectMapper().readTree(output).isArray())
                        .as("walk %d", walk)
                        .isTrue();
                answers++;
            }
        }
        assertThat(answers).isBetween(WALKS / 10, WALKS - 1);
    }

    private static Constraint openAi(String fields) {
        return composed("{\"kind\":\"openai\",\"tools\":" + ToolCalls.TOOLS + "," + fields + "}");
    }

    private static Constraint composed(String json) {
        return ToyDecoding.constraint(ConstraintKind.COMPOSED, json);
    }

    private Draft drawn(Constraint constraint, int walk, int mostBytesToSpare) {
        int fewest = constraint.start().fewestBytesToAccept();
        int budget = fewest + new Random(walk).nextInt(mostBytesToSpare);
        DecodingRules rules =
                new DecodingRules(constraint, Sampler.STANDARD, StopStrings.NONE, budget, walk % 2 == 0, 1, walk);
        Draft output = model.decode(rules);
        assertThat(output.complete()).as("walk %d", walk).isTrue();
        assertThat(output.bytes()).as("walk %d", walk).hasSizeLessThanOrEqualTo(budget);
        assertThat(output.ending()).as("walk %d", walk).isNotEqualTo(Ending.DEAD_END);
        called.addAll(ToolCalls.in(output.bytes()));
        return output;
    }
}
