package io.bytelm.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ComposedKind;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintOption;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.constraint.source.WhitespaceRule;
import io.bytelm.constraint.whitespace.Whitespace;
import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code open} with a {@code mode} asks for: a session that decodes. Beside the fields of {@link OpenRequest} it
 * has any of these:
 *
 * <pre>
 *   mode                          "driven": the job draws the bytes; "steered": the client sends them
 *   constraint                    {"kind": .., "source": ..}; kinds are choices, regex, json, json-schema, gbnf, lark; a source
 *                                 is text, or JSON as it is; further fields are its options, true or false:
 *                                 schema_order, annotate_formats, lenient, any_byte, ignore_case, search; and whitespace: true for what programs print,
 *                                 or {"max": bytes, "pattern": regular expression}, one of these or both; separators and
 *                                 escapes, which are read when it is compiled; or, made of
 *                                 others, an object of a {@link ComposedKind}, whose fields are read when it is compiled
 *   max_bytes                     the byte budget, 1 to 65536; by default 256 driven, 65536 steered
 *   temperature, top_k, top_p, min_p, greedy, seed, stop | stop_hex, particles     only driven
 * </pre>
 *
 * <p>Without {@code eos_tokens} the text ends with the job's EOS tokens, or else the model's own; an empty list is for none.
 *
 * @param opened the prompt, how tokenizations are followed, and what is emitted
 * @param driven whether the job draws the bytes
 * @param constraint null for none
 * @param maxBytes the most bytes of the output
 * @param particles how many outputs are drawn side by side
 */
public record DecodeRequest(
        OpenRequest opened,
        boolean driven,
        @Nullable ConstraintSource constraint,
        Sampler sampler,
        StopStrings stop,
        int maxBytes,
        int particles) {
    /** The byte budget of a driven session that names none. */
    public static final int DEFAULT_MAX_BYTES = 256;

    /** The largest byte budget: a session's state holds its output. */
    public static final int MOST_BYTES = 1 << 16;

    /** The most particles: each is read by itself. */
    public static final int MOST_PARTICLES = 1000;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String MODE = "mode";
    private static final String SOURCE = "source";
    private static final List<String> MODES = List.of("driven", "steered");
    private static final Set<String> DRIVEN_ONLY =
            Set.of("temperature", "top_k", "top_p", "min_p", "greedy", "seed", "stop", "stop_hex", "particles");
    private static final Set<String> FIELDS = Stream.of(
                    OpenRequest.FIELDS, DRIVEN_ONLY, Set.of(MODE, "constraint", "max_bytes"))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> CONSTRAINT_FIELDS = constraintFields();
    private static final Set<String> WHITESPACE_FIELDS = Set.of("max", "pattern");
    private static final List<String> KINDS = Stream.concat(
                    ConstraintKind.labels().stream(), ComposedKind.labels().stream())
            .toList();

    private static Set<String> constraintFields() {
        Set<String> fields = new HashSet<>(Set.of("kind", SOURCE));
        fields.addAll(ConstraintSource.COMPILED_FIELDS);
        Arrays.stream(ConstraintOption.values()).map(ConstraintOption::label).forEach(fields::add);
        return Set.copyOf(fields);
    }

    /** Whether the value of an {@code open} has a mode; false if it cannot be read. */
    public static boolean hasMode(byte @Nullable [] value) {
        if (value == null || value.length == 0) {
            return false;
        }
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                if (json.currentName().equals(MODE)) {
                    return true;
                }
                json.nextToken();
                json.skipChildren();
            }
            return false;
        } catch (IOException notJson) {
            return false;
        }
    }

    /**
     * Reads the value of an {@code open} that {@link #hasMode}. The constraint is not compiled yet.
     *
     * @param defaults what is asked for where fields are absent: {@link SessionDefaults#decodeRequest}
     * @throws RejectedRecordException if it cannot be read; the message names the field, what was found and what is
     *     allowed
     */
    public static DecodeRequest parse(byte[] value, OpenRequest defaults, Vocabulary vocabulary)
            throws RejectedRecordException {
        OpenFields fields = OpenFields.parse(value, FIELDS);
        boolean driven = fields.choice(MODE, MODES, 0) == 0;
        refuse(fields, Set.of("on_dead_end"), "a session with a \"mode\" stops at a dead end");
        refuse(
                fields,
                CandidateFields.FIELDS,
                "a session with a \"mode\" decodes; candidates are weighed in one that scores");
        OpenRequest opened = OpenRequest.read(fields, defaults, vocabulary);
        if (!driven) {
            refuse(fields, DRIVEN_ONLY, "in a steered session the client chooses the bytes");
        }
        int particles = fields.wholeNumber("particles", 1, MOST_PARTICLES, 1);
        if (particles > 1) {
            opened = atTheEnd(opened, fields);
        }
        int maxBytes = fields.wholeNumber("max_bytes", 1, MOST_BYTES, driven ? DEFAULT_MAX_BYTES : MOST_BYTES);
        return new DecodeRequest(
                opened, driven, constraint(fields), sampler(fields), stop(fields), maxBytes, particles);
    }

    private static void refuse(OpenFields fields, Set<String> names, String why) throws RejectedRecordException {
        for (String name : names.stream().sorted().toList()) {
            if (fields.has(name)) {
                throw OpenFields.malformed("field \"" + name + "\" is not allowed here: " + why);
            }
        }
    }

    /** Which output the particles end in is not known before. */
    private static OpenRequest atTheEnd(OpenRequest opened, OpenFields fields) throws RejectedRecordException {
        if (fields.has("emit") && !fields.hasText("emit", "end")) {
            throw OpenFields.malformed("with more than one particle the only \"emit\" is \"end\": before, none of them"
                    + " is the output");
        }
        Emission emission = new Emission(Emission.When.END, opened.emission().top());
        return new OpenRequest(opened.prompt(), opened.params(), opened.canonical(), emission);
    }

    private static Sampler sampler(OpenFields fields) throws RejectedRecordException {
        boolean greedy = fields.flag("greedy", false);
        if (greedy && fields.has("temperature")) {
            throw OpenFields.malformed("both \"greedy\" and \"temperature\" are given; allowed is one of them");
        }
        return new Sampler(
                greedy ? 0 : fields.number("temperature", NumberRange.NOT_NEGATIVE, 1),
                fields.wholeNumber("top_k", 0, Integer.MAX_VALUE, 0),
                fields.number("top_p", NumberRange.ABOVE_ZERO_TO_ONE, 1),
                fields.number("min_p", NumberRange.ZERO_TO_ONE, 0),
                fields.wholeNumber("seed", 0L));
    }

    private static StopStrings stop(OpenFields fields) throws RejectedRecordException {
        List<byte[]> stops = fields.listOfBytes("stop", "stop_hex");
        if (stops == null) {
            return StopStrings.NONE;
        }
        if (stops.stream().anyMatch(stop -> stop.length == 0)) {
            throw OpenFields.malformed("field \"stop\" has an empty text; a stop string has at least one byte");
        }
        return new StopStrings(stops);
    }

    private static @Nullable ConstraintSource constraint(OpenFields fields) throws RejectedRecordException {
        OpenFields constraint = fields.object("constraint", CONSTRAINT_FIELDS);
        if (constraint == null) {
            return null;
        }
        if (!constraint.has("kind")) {
            throw OpenFields.malformed("the constraint has no \"kind\"; allowed are " + String.join(", ", KINDS));
        }
        int place = constraint.choice("kind", KINDS, 0);
        if (place >= ConstraintKind.labels().size()
                || ConstraintSource.COMPILED_FIELDS.stream().anyMatch(constraint::has)) {
            return ConstraintSource.of(ConstraintKind.COMPOSED, constraint.json());
        }
        constraint.requireKnown(CONSTRAINT_FIELDS);
        ConstraintKind kind = ConstraintKind.leaf(place);
        Set<ConstraintOption> options = EnumSet.noneOf(ConstraintOption.class);
        for (ConstraintOption option : ConstraintOption.values()) {
            if (option != ConstraintOption.WHITESPACE && constraint.flag(option.label(), false)) {
                options.add(option);
            }
        }
        try {
            return new ConstraintSource(kind, source(constraint, kind), options, whitespace(constraint));
        } catch (ConstraintException e) {
            throw OpenFields.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static String source(OpenFields constraint, ConstraintKind kind) throws RejectedRecordException {
        if (kind != ConstraintKind.JSON && !constraint.has(SOURCE)) {
            throw OpenFields.malformed("the constraint of kind " + kind.label() + " has no \"source\"");
        }
        return kind.isText() ? constraint.text(SOURCE, "") : constraint.textOrJson(SOURCE);
    }

    /** A rule, or true for the one that programs print JSON by. */
    private static @Nullable WhitespaceRule whitespace(OpenFields constraint) throws RejectedRecordException {
        String field = ConstraintOption.WHITESPACE.label();
        if (!constraint.isObject(field)) {
            return constraint.flag(field, false, "true, false, or {\"max\": bytes, \"pattern\": regex}")
                    ? WhitespaceRule.INDENTED
                    : null;
        }
        OpenFields rule = Objects.requireNonNull(constraint.object(field, WHITESPACE_FIELDS));
        rule.requireKnown(WHITESPACE_FIELDS);
        if (!rule.has("max") && !rule.has("pattern")) {
            throw OpenFields.malformed("\"whitespace\" has neither \"max\" nor \"pattern\"; give one, or true");
        }
        int max = rule.wholeNumber("max", 0, Whitespace.MOST_BYTES, WhitespaceRule.DEFAULT_MAX);
        String pattern = rule.text("pattern", "");
        if (pattern.isEmpty() && rule.has("pattern")) {
            throw OpenFields.malformed("the \"pattern\" of \"whitespace\" is empty; leave it out for any white space");
        }
        return new WhitespaceRule(pattern, max);
    }
}
