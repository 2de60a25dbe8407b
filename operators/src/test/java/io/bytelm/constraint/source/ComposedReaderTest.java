package io.bytelm.constraint.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposedReaderTest {
    private static final String WEATHER = """
            {"kind":"openai","tools":[
              {"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
               "properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}},
              {"type":"function","name":"now"}]%s}""";
    private static final String CALL =
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Paris\"}}\n</tool_call>";
    private static final String NOW = "<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>";

    private static Constraint compile(String json) {
        return ConstraintSource.of(ConstraintKind.COMPOSED, json.replace('\'', '"'))
                .compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    private static boolean accepts(Constraint constraint, String text) {
        return RandomWalks.accepts(constraint, text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {'kind':'repeat'} ~ the field "item" is missing
            {'kind':'sequence','items':['a',{'kind':'optional','item':{'kind':'sequenc'}}]} ~ /items/1/item/kind: it is "sequenc"; allowed is one of choices, regex, json, json-schema, gbnf, lark, sequence, alternative, optional, repeat, literal, text, regions, openai
            {'kind':'alternative','items':[]} ~ /items: it is []; allowed is a list of at least one
            {'kind':'sequence','items':[7]} ~ /items/0: it is 7; allowed is an object with a "kind", or a text for a literal
            {'kind':'repeat','item':'a','min':3,'max':2} ~ "min" is 3 and "max" is 2; allowed is a max of at least min
            {'kind':'repeat','item':'a','min':-1} ~ /min: it is -1; allowed is a whole number of at least 0
            {'kind':'optional','items':['a']} ~ unknown field "items"; allowed are item, kind
            {'kind':'sequence','items':['a',{'kind':'regex','source':'a(b'}]} ~ /items/1: the pattern is malformed: missing ")" at the end of a group (at position 3)
            {'kind':'optional','item':{'kind':'regex','source':'','whitespace':true}} ~ /item: a constraint of kind regex has no option whitespace
            {'kind':'literal'} ~ a literal needs a "text", or bytes in "text_hex"
            {'kind':'literal','text':'a','text_hex':'61'} ~ both "text" and "text_hex" are given; allowed is one of them
            {'kind':'literal','text_hex':'6'} ~ /text_hex: it is "6"; allowed is bytes in hex, two digits each
            {'kind':'text','until':''} ~ /until: it is ""; allowed is at least one byte
            {'kind':'text','until':'end','without':'end'} ~ "end" is there twice: leave one of them out
            {'kind':'regions','triggers':[{'begin':'<a>','item':'x'},{'begin':'<a><b>','item':'y'}]} ~ /triggers: "<a><b>" is never found, because "<a>", which it contains, is found first: leave one of them out
            {'kind':'regions','triggers':[{'item':'x'}]} ~ /triggers/0: a trigger needs a "begin" of at least one byte, or "begin_hex"
            {'kind':'openai','tools':[{'type':'web_search'}]} ~ /tools/0/type: it is "web_search"; allowed is "function"; leave tools of other types out
            {'kind':'openai','tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'function','name':'g'}} ~ /tool_choice: there is no tool "g"; allowed are f
            {'kind':'openai','tools':[{'name':'f'},{'name':'f'}]} ~ /tools/1/name: it is "f"; allowed is a name that no tool before it has
            {'kind':'openai','response_format':{'type':'xml'}} ~ /response_format/type: it is "xml"; allowed is one of text, json_object, json_schema
            {'kind':'openai','tool_choice':'required'} ~ /tool_choice: it is "required", but there are no tools
            {'kind':'openai','tools':[7]} ~ /tools/0: it is 7; allowed is a JSON object
            {'kind':'openai','tools':[{'name':'f','parameters':true}]} ~ /tools/0/parameters: it is true; allowed is a JSON Schema that is an object; leave it out for no arguments
            {'kind':'openai','tools':[{'name':'f'}],'tool_choice':{'type':'custom'}} ~ /tool_choice/type: it is "custom"; allowed is function or allowed_tools
            {'kind':'openai','tools':[{'name':'f'}],'tool_choice':7} ~ /tool_choice: it is 7; allowed are none, auto, required, {"type":"function","function":{"name":...}}, or an object of type allowed_tools
            {'kind':'openai','tool_choice':{'type':'function','name':'g'}} ~ /tool_choice: there is no tool "g"; name it in "tools"
            {'kind':'openai','tools':[{'name':'f'}],'tool_choice':{'type':'allowed_tools','allowed_tools':{'tools':[{'name':'f'},{'function':{'name':'g'}}]}}} ~ /tool_choice/allowed_tools/tools/1: there is no tool "g"; allowed are f
            {'kind':'openai','tools':[{'name':'f'}],'tool_choice':{'type':'allowed_tools','mode':'none','tools':[{'name':'f'}]}} ~ /tool_choice/mode: it is "none"; allowed is auto or required
            {'kind':'openai','call_begin':'<\\ud800'} ~ /call_begin: it holds half of a surrogate pair; allowed are whole characters
            {'kind':'openai','tools':[{'name':'\\udc00'}]} ~ /tools/0/name: it holds half of a surrogate pair; allowed are whole characters
            {'kind':'regex'} ~ the field "source" is missing
            {'kind':'optional','item':{'kind':'gbnf','source':null}} ~ /item/source: it is null; allowed is a text
            {'kind':'json','whitespace':{'pattern':''}} ~ /whitespace/pattern: it is ""; allowed is a regular expression; leave it out for any white space
            {'kind':'json','separators':', '} ~ /separators: it is ", "; allowed is {"item": ", ", "key": ": "} or [", ", ": "]
            {'kind':'optional','item':{'kind':'json','separators':{'item':';'}}} ~ /item/separators: the separator between items is wrong: allowed is a comma, then blanks
            {'kind':'json-schema','source':{},'separators':[', ',' = ']} ~ /separators: the separator after keys is wrong: allowed is a colon, with blanks around it
            {'kind':'json','separators':{'colon':':'}} ~ /separators: unknown field "colon"; allowed are item, key
            {'kind':'json','separators':[',',': '],'whitespace':true} ~ /separators: separators are all the blanks there are
            {'kind':'json','escapes':'all'} ~ /escapes: it is "all"; allowed is one of minimal, slash, ascii, any
            {'kind':'optional','item':{'kind':'regex','source':'a','escapes':'any'}} ~ /item: a constraint of kind regex has no options separators and escapes
            {'kind':'sequence','kind':'text'} ~ the constraint is not JSON: Duplicate field 'kind'
            """)
    void aRefusalSaysWhereAndWhatIsAllowed(String json, String message) {
        assertThatThrownBy(() -> compile(json))
                .isInstanceOf(ConstraintException.class)
                .message()
                .startsWith(message);
    }

    @Test
    void whiteSpaceWithinIsBoundedAsItIsOutside() {
        Constraint printed =
                compile("{\"kind\": \"sequence\", \"items\": [\"> \", {\"kind\": \"json\", \"whitespace\": true}]}");
        Constraint two = compile(
                "{\"kind\": \"sequence\", \"items\": [\"> \", {\"kind\": \"json\", \"whitespace\": {\"max\": 2}}]}");

        assertThat(accepts(printed, "> {\"a\": 1}")).isTrue();
        assertThat(accepts(printed, "> {\"a\":          1}")).isFalse();
        assertThat(accepts(two, "> {\"a\":  1}")).isTrue();
        assertThat(accepts(two, "> {\"a\":   1}")).isFalse();
    }

    @Test
    void nestingAndSizeAreLimited() {
        String nested = "{'kind':'optional','item':".repeat(300) + "'a'" + "}".repeat(300);
        assertThatThrownBy(() -> compile(nested))
                .isInstanceOfSatisfying(
                        ConstraintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP))
                .message()
                .startsWith("/item/item/item")
                .endsWith("/item: nested more than 250 levels deep: leave out sequences of one item");
        String many = "{'kind':'repeat','min':1000,'item':".repeat(3) + "'a'" + "}".repeat(3);
        assertThatThrownBy(() -> compile(many))
                .isInstanceOfSatisfying(
                        ConstraintException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void aTextThatCanBeReadInTooManyWaysIsRefusedWhereTheyBecomeTooMany() {
        String nested = "bcdefghijklmnop"
                .chars()
                .mapToObj(
                        close -> "{'kind':'gbnf','source':'root ::= \\'a\\' root \\'%c\\' | \\'a\\''}".formatted(close))
                .collect(Collectors.joining(","))
                .replace("\\'", "\\\"");
        Constraint ambiguous =
                compile("{'kind':'repeat','max':100,'item':{'kind':'alternative','items':[" + nested + "]}}");
        assertThatThrownBy(() -> RandomWalks.after(ambiguous, "a".repeat(100).getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        ConstraintException.class,
                        e -> assertThat(e.isOverALimit()).isTrue())
                .hasMessageContaining("too many ways to read this text")
                .hasMessageEndingWith("put a literal between parts that may be read as one another");
    }

    @Test
    void toolsMayBeCalledWithinFreeText() {
        Constraint auto = compile(WEATHER.formatted(""));
        assertThat(accepts(auto, "")).isTrue();
        assertThat(accepts(auto, "It is é. " + CALL + "\n" + NOW + " done")).isTrue();
        assertThat(accepts(auto, "<tool_call> of another kind")).isFalse();
        assertThat(accepts(auto, CALL.replace("Paris\"", "Paris\",\"x\":1"))).isFalse();
        assertThat(accepts(auto, CALL.replace("get_weather", "get_time"))).isFalse();
        assertThat(RandomWalks.after(auto, "Hm<tool_call".getBytes(UTF_8)).fewestBytesToAccept())
                .isZero();
        assertThat(RandomWalks.after(auto, "Hm<tool_call>".getBytes(UTF_8)).forcedByte())
                .isEqualTo('\n');
    }

    @Test
    void theChoiceOfAToolSaysWhatIsCalled() {
        Constraint required = compile(WEATHER.formatted(",\"tool_choice\":\"required\""));
        assertThat(accepts(required, "no call")).isFalse();
        assertThat(accepts(required, NOW + CALL)).isTrue();
        Constraint named =
                compile(WEATHER.formatted(",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"now\"}}"));
        assertThat(accepts(named, NOW)).isTrue();
        assertThat(accepts(named, CALL)).isFalse();
        assertThat(accepts(named, NOW + NOW)).isFalse();
        Constraint none = compile(WEATHER.formatted(",\"tool_choice\":\"none\""));
        assertThat(accepts(none, "some text")).isTrue();
        assertThat(accepts(none, NOW)).isFalse();
        Constraint one = compile(WEATHER.formatted(",\"parallel_tool_calls\":false"));
        assertThat(accepts(one, NOW)).isTrue();
        assertThat(accepts(one, NOW + CALL)).isFalse();
    }

    @Test
    void someToolsMayBeAllowed() {
        String form = ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"%s\",\"tools\":%s}}";
        String named = "[{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]";
        Constraint auto = compile(WEATHER.formatted(form.formatted("auto", named)));
        assertThat(accepts(auto, "no call")).isTrue();
        assertThat(accepts(auto, NOW + NOW)).isTrue();
        assertThat(accepts(auto, CALL)).isFalse();
        Constraint required = compile(WEATHER.formatted(form.formatted("required", named)));
        assertThat(accepts(required, "no call")).isFalse();
        assertThat(accepts(required, NOW)).isTrue();
        Constraint beside = compile(
                WEATHER.formatted(
                        ",\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[{\"name\":\"get_weather\"},{\"name\":\"now\"}]}"));
        assertThat(accepts(beside, NOW + CALL)).isTrue();
    }

    @Test
    void argumentsAreAnObjectAndNullIsAsIfAFieldWasAbsent() {
        String call = "<tool_call>\n{\"name\": \"f\", \"arguments\": %s}\n</tool_call>";
        Constraint any = compile("{'kind':'openai','tools':[{'name':'f','parameters':{}}],'parallel_tool_calls':null}");
        assertThat(accepts(any, call.formatted("{\"a\":[1]}").repeat(2))).isTrue();
        assertThat(accepts(any, call.formatted("5"))).isFalse();
        Constraint tree = compile("{'kind':'openai','tools':[{'name':'f','strict':true,'parameters':"
                + "{'$ref':'#/$defs/t','$defs':{'t':{'type':['object','null'],'properties':{'t':{'$ref':'#/$defs/t'}},"
                + "'additionalProperties':false}}}}]}");
        assertThat(accepts(tree, call.formatted("{\"t\":{\"t\":null}}"))).isTrue();
        assertThat(accepts(tree, call.formatted("null"))).isFalse();
        Constraint whole =
                compile("{'kind':'openai','tools':[{'name':'f','parameters':{'additionalProperties':{'$ref':'#'}}}]}");
        assertThat(accepts(whole, call.formatted("{\"t\":7}"))).isTrue();
    }

    @Test
    void anAnswerHasItsFormat() {
        Constraint object = compile("{'kind':'openai','response_format':{'type':'json_object'}}");
        assertThat(accepts(object, "{\"a\":[1]}")).isTrue();
        assertThat(accepts(object, "[1]")).isFalse();
        Constraint schema = compile(WEATHER.formatted(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                + "{\"name\":\"n\",\"schema\":{\"type\":\"integer\"}}}"));
        assertThat(accepts(schema, "17")).isTrue();
        assertThat(accepts(schema, NOW + "\n" + CALL)).isTrue();
        assertThat(accepts(schema, "17" + NOW)).isFalse();
        assertThat(accepts(compile("{'kind':'openai'}"), "any text")).isTrue();
    }

    @Test
    void theShippedExampleReadsWhatItSays() throws IOException {
        Constraint tools = compile(Files.readString(Path.of("../configs/constraint-tools.json")));
        String call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"terms\":[1,2]}}\n</tool_call>";
        assertThat(accepts(tools, "<think>\n<tool_call> or not?</think>\n\nSo " + call))
                .isTrue();
        assertThat(accepts(tools, "See ```json\n{\"a\": [1, 2]}```")).isTrue();
        assertThat(accepts(tools, "See ```json\n{\"a\":    [1, 2]}```")).isFalse();
        assertThat(accepts(tools, call.replace("[1,2]", "[1,2,3,4,5,6]"))).isFalse();
        assertThat(accepts(tools, (call + " ").repeat(5))).isFalse();
    }

    @Test
    void aSavedPositionOfAnotherConstraintIsRefused() {
        Constraint some = compile("{'kind':'sequence','items':['a',{'kind':'json'}]}");
        Cursor inside = RandomWalks.after(some, "a[1".getBytes(UTF_8));
        for (byte[] saved : new byte[][] {{}, {0, 0}, {9, 1}, {1, 127, 0}, {0, 1, 0, 0, 2, 0}, {1, 0, 0, 0}}) {
            assertThatThrownBy(() -> some.restore(saved)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(some.restore(inside.save()).fewestBytesToAccept()).isEqualTo(1);
        Constraint same = compile("{'kind':'sequence','items':['a',{'kind':'json'}]}");
        Constraint other = compile("{'kind':'sequence','items':['b',{'kind':'json'}]}");
        assertThat(same.fingerprint()).isEqualTo(some.fingerprint()).isNotEqualTo(other.fingerprint());
    }
}
