package io.bytelm.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.candidate.CandidateList;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file of questions: a text, what may continue it, and perhaps which one does.
 *
 * @param id what the line says it is; null if it does not
 * @param prompt the text before the candidates; not to be changed
 * @param gold the right candidate, counted from 0; null if the line does not say
 */
public record CandidateQuestion(
        @Nullable String id,
        byte[] prompt,
        CandidateList candidates,
        @Nullable Integer gold) {
    /** How the fields are named; any others are allowed beside them. */
    public record Names(String id, String prompt, String candidates, String gold) {}

    /**
     * Reads a line of JSON.
     *
     * @param end whether the end of the text belongs to each candidate
     * @throws RejectedRecordException if it cannot be read; the message names the field, what was found and what is allowed
     */
    public static CandidateQuestion parse(byte[] line, Names names, boolean end) throws RejectedRecordException {
        try {
            OpenFields fields = OpenFields.parseAny(line, "");
            CandidateList candidates = CandidateFields.list(fields, names.candidates(), end);
            int most = candidates.texts().size() - 1;
            boolean hasGold = fields.has(names.gold());
            return new CandidateQuestion(
                    fields.has(names.id()) ? fields.textOrJson(names.id()) : null,
                    prompt(fields, names.prompt()),
                    candidates,
                    hasGold ? fields.wholeNumber(names.gold(), 0, most, 0, ", a place in the list") : null);
        } catch (RejectedRecordException e) {
            String message = String.valueOf(e.getMessage());
            throw new RejectedRecordException(
                    CandidateFields.MALFORMED, message.substring(OpenFields.SUBJECT.length()));
        }
    }

    /** Nothing where the field is absent: then candidates begin a text. */
    private static byte[] prompt(OpenFields fields, String name) throws RejectedRecordException {
        JsonNode found = fields.value(name);
        return found.isMissingNode()
                ? new byte[0]
                : CandidateFields.text(name, found, "a text, or an object like {\"hex\": \"ff\"}");
    }
}
