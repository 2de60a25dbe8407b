package io.bytelm.job.candidates;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.CandidateQuestion;
import io.bytelm.record.wire.CandidatesJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Answers as lines of JSON. */
public final class QuestionRow {
    private static final JsonFactory JSON = new JsonFactory();

    private QuestionRow() {}

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** An answer alone. */
    public static String of(CandidateScores scores, boolean truncated) {
        return line(json -> writeAnswer(scores, truncated, json));
    }

    /** The answer to the question of a line. */
    static String of(long number, CandidateQuestion question, CandidateScores scores, boolean truncated) {
        return line(json -> {
            writePlace(number, question.id(), json);
            Integer gold = question.gold();
            if (gold != null) {
                json.writeNumberField("gold", gold);
                json.writeBooleanField("correct", gold == scores.best());
            }
            writeAnswer(scores, truncated, json);
        });
    }

    /** A line without an answer. */
    static String rejected(long number, @Nullable String id, String why) {
        return line(json -> {
            writePlace(number, id, json);
            json.writeStringField("error", why);
        });
    }

    private static void writePlace(long number, @Nullable String id, JsonGenerator json) throws IOException {
        json.writeNumberField("line", number);
        if (id != null) {
            json.writeStringField("id", id);
        }
    }

    private static void writeAnswer(CandidateScores scores, boolean truncated, JsonGenerator json)
            throws IOException {
        CandidatesJson.writeBest(scores, json);
        CandidatesJson.writeList(scores, json);
        if (truncated) {
            json.writeBooleanField("truncated", true);
        }
    }

    private static String line(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }
}
