package io.bytelm.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.candidate.CandidateList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which continuations a record asks about: the value of a {@code candidates}, or these fields of an {@code open}.
 *
 * <pre>
 *   candidates   a list of texts, and of objects {"hex": ".."} for other bytes
 *   end          true or false: whether the end of the text after it belongs to each; only with candidates
 * </pre>
 */
public final class CandidateFields {
    /** The value of a {@code candidates} cannot be read, or asks for what its session cannot say. */
    public static final String MALFORMED = "malformed-candidates";

    static final String CANDIDATES = "candidates";
    static final String END = "end";
    static final Set<String> FIELDS = Set.of(CANDIDATES, END);

    private static final String EXAMPLE = "{\"candidates\": [\"one\", {\"hex\": \"ff\"}], \"end\": false}";

    static final String HEX_OBJECTS = "objects like {\"hex\": \"ff\"}";
    private static final String NOTHING_ENDS = "field \"" + END
            + "\" is true, but no token ends the texts of this session; name some as \"eos_tokens\" of its open, or leave \""
            + END + "\" out";

    private CandidateFields() {}

    /**
     * Reads the value of a {@code candidates}.
     *
     * @throws RejectedRecordException if it cannot be read; the message names the field, what was found and what is
     *     allowed
     */
    public static CandidateList parse(byte @Nullable [] value) throws RejectedRecordException {
        if (value == null || value.length == 0) {
            throw malformed("the value is empty; send " + EXAMPLE);
        }
        CandidateList list;
        try {
            list = read(OpenFields.parse(value, FIELDS, "; send " + EXAMPLE));
        } catch (RejectedRecordException e) {
            String message = String.valueOf(e.getMessage());
            throw malformed(message.substring(OpenFields.SUBJECT.length()));
        }
        if (list == null) {
            throw malformed("field \"" + CANDIDATES + "\" is missing; send " + EXAMPLE);
        }
        return list;
    }

    /** What an {@code open} asks about right after its prompt; null if nothing. */
    static @Nullable CandidateList read(OpenFields fields) throws RejectedRecordException {
        if (!fields.has(CANDIDATES)) {
            if (fields.has(END)) {
                throw OpenFields.malformed(
                        "field \"" + END + "\" means nothing without \"" + CANDIDATES + "\"; leave it out");
            }
            return null;
        }
        return list(fields, CANDIDATES, fields.flag(END, false));
    }

    static CandidateList list(OpenFields fields, String field, boolean end) throws RejectedRecordException {
        List<byte[]> texts = new ArrayList<>();
        for (JsonNode element : fields.list(field, "a list of texts and of " + HEX_OBJECTS)) {
            texts.add(text(field, element, "a list of texts and of " + HEX_OBJECTS));
        }
        try {
            return new CandidateList(texts, end);
        } catch (IllegalArgumentException e) {
            throw OpenFields.malformed(String.valueOf(e.getMessage()));
        }
    }

    /** A text, or an object with other bytes. */
    static byte[] text(String field, JsonNode element, String allowed) throws RejectedRecordException {
        if (element.isObject()) {
            OpenFields bytes = OpenFields.of(element, Set.of("hex"));
            byte[] found = bytes.bytes("", "hex");
            if (found != null) {
                return found;
            }
        }
        return OpenBytes.utf8(field, element, allowed, HEX_OBJECTS);
    }

    /** Refuses to say how probable the end is where nothing ends the texts of the session. */
    public static void requireEnd(CandidateList list, boolean hasEosTokens) throws RejectedRecordException {
        if (list.end() && !hasEosTokens) {
            throw malformed(NOTHING_ENDS);
        }
    }

    /** The same of an {@code open}. */
    static void requireEndOfOpen(CandidateList list, int[] eosTokens) throws RejectedRecordException {
        if (list.end() && eosTokens.length == 0) {
            throw OpenFields.malformed(NOTHING_ENDS);
        }
    }

    private static RejectedRecordException malformed(String message) {
        return new RejectedRecordException(MALFORMED, "candidates: " + message);
    }
}
