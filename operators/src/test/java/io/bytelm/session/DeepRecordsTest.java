package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However deep a record is nested, the stack is deep enough, or the record is refused. */
class DeepRecordsTest {
    @Test
    void jsonWithoutEndIsRefused() throws IOException {
        for (String opening : List.of("[", "{'a':", "{'constraint':{'kind':'json-schema','source':[")) {
            DecodingSession session = new DecodingSession("s");
            DeadLetter letter = session.refused("open", "{'mode':'driven','x':" + opening.repeat(20_000));
            assertThat(letter.reason()).as(opening).isEqualTo("malformed-open");
            assertThat(session.refused("open", opening.repeat(20_000)).reason())
                    .as(opening)
                    .isEqualTo("malformed-open");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 200, 400, 900})
    void nestedSchemasAreDrawnFromOrRefused(int depth) throws IOException {
        String nested = "{'type':'object','required':['a'],'additionalProperties':false,'properties':{'a':";
        drawnOrRefused("{'kind':'json-schema','source':" + nested.repeat(depth / 2) + "{'const':1}"
                + "}}".repeat(depth / 2) + "}");
        drawnOrRefused("{'kind':'json-schema','source':" + "{'type':'array','minItems':1,'items':".repeat(depth)
                + "{'type':'null'}" + "}".repeat(depth) + "}");
        drawnOrRefused("{'kind':'json-schema','source':" + "{'allOf':[".repeat(depth / 2) + "{'const':1}"
                + "]}".repeat(depth / 2) + "}");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 300, 3000, 30_000})
    void soAreNestedPatternsAndGrammars(int depth) throws IOException {
        drawnOrRefused("{'kind':'regex','source':'" + "(".repeat(depth) + "a" + ")".repeat(depth) + "'}");
        drawnOrRefused("{'kind':'regex','source':'" + "(?:a|".repeat(depth) + "b" + ")".repeat(depth) + "'}");
        drawnOrRefused(
                "{'kind':'gbnf','source':'root ::= " + "(".repeat(depth) + "\\\"a\\\"" + ")".repeat(depth) + "'}");
        drawnOrRefused("{'kind':'gbnf','source':'root ::= \\\"a\\\" | \\\"(\\\" root \\\")\\\"'}");
    }

    private static void drawnOrRefused(String constraint) throws IOException {
        DecodingSession session = new DecodingSession("s");
        List<OutputRecord> outputs =
                session.open("{'mode':'driven','max_bytes':20000,'emit':'end','constraint':" + constraint + "}");
        OutputRecord last = outputs.get(outputs.size() - 1);
        if (last instanceof DeadLetter letter) {
            assertThat(letter.reason()).as(letter.message()).isEqualTo("constraint-refused");
        } else {
            assertThat(((Finished) last).output().complete()).isTrue();
        }
    }
}
