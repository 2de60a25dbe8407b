package io.bytelm.constraint.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.RandomWalks;
import org.junit.jupiter.api.Test;

class JsonSpellingFieldsTest {
    private static final String CALL =
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"city\":\"Paris\"}}\n</tool_call>";

    private static Constraint compile(String json) {
        return ConstraintSource.of(ConstraintKind.COMPOSED, json.replace('\'', '"'))
                .compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    private static boolean accepts(Constraint constraint, String text) {
        return RandomWalks.accepts(constraint, text.getBytes(UTF_8));
    }

    @Test
    void jsonIsSpelledAsItsFieldsSay() {
        Constraint python = compile(
                "{'kind':'json-schema','separators':[', ',': '],'escapes':'ascii','source':"
                        + "{'type':'object','properties':{'é':{'type':'array','items':{'type':'string'}}},'additionalProperties':false}}");
        assertThat(accepts(python, "{\"\\u00e9\": [\"a\", \"\\ud83d\\ude00\"]}"))
                .isTrue();
        assertThat(accepts(python, "{\"\\u00e9\":[\"a\"]}")).isFalse();
        Constraint calls = compile(
                "{'kind':'openai','separators':{'key':': '},'escapes':'slash','tools':[{'name':'f','parameters':{'type':'object',"
                        + "'properties':{'city':{'type':'string'}},'required':['city'],'additionalProperties':false}}]}");
        assertThat(accepts(calls, CALL.replace("\"city\":\"Paris\"", "\"city\": \"Paris\\/Texas\"")))
                .isTrue();
        assertThat(accepts(calls, CALL.replace("\"city\":", "\"city\" :"))).isFalse();
        Constraint grammar =
                compile("{'kind':'gbnf','source':'root ::= %json {\\'enum\\':[[1,2]]}','separators':{'item':',  '}}"
                        .replace("\\'", "\\\""));
        assertThat(accepts(grammar, "[1,  2]")).isTrue();
        assertThat(accepts(grammar, "[1,2]")).isFalse();
        assertThat(accepts(compile("{'kind':'json'}"), "\"\\u0041\\/\"")).isTrue();
        assertThat(accepts(compile("{'kind':'json','escapes':'minimal'}"), "\"\\u0041\""))
                .isFalse();
    }
}
