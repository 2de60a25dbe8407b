package io.bytelm.job.candidates;

import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.job.candidates.QuestionLines.Line;
import io.bytelm.record.CandidateQuestion;
import io.bytelm.record.RejectedRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers the questions of a file, several at the same time, in rows of their order. Used once, by one thread. */
public final class QuestionFile {
    private final CandidateModel model;
    private final CandidateQuestion.Names names;
    private final boolean end;
    private final long contextTokens;
    private final Writer rows;
    private final TreeMap<Long, String> waiting = new TreeMap<>();
    private QuestionTotals totals = QuestionTotals.NONE;
    private long begun;
    private long written;

    /**
     * @param end whether the end of the text belongs to each candidate
     * @param contextTokens how many tokens of a context the model reads at most
     * @param rows receives a line of JSON for each line of the file; who opened it closes it
     */
    public QuestionFile(
            CandidateModel model, CandidateQuestion.Names names, boolean end, long contextTokens, Writer rows) {
        this.model = model;
        this.names = names;
        this.end = end;
        this.contextTokens = contextTokens;
        this.rows = rows;
    }

    /** @param question null where the line is none, and then {@code why} says so */
    private record Asked(
            long place,
            long line,
            @Nullable CandidateQuestion question,
            String why) {}

    /**
     * Answers all of them.
     *
     * @param lines of one character a byte
     * @throws UncheckedIOException if the file cannot be read, or a row cannot be written
     */
    public QuestionTotals answer(BufferedReader lines, StepPipeline pipeline) {
        QuestionLines all = new QuestionLines(lines);
        Iterable<Asked> questions = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Asked next() {
                return asked(all.next());
            }
        };
        pipeline.forEach(questions, this::weigh, this::tell);
        return totals;
    }

    private Asked asked(Line line) {
        long place = begun++;
        try {
            return new Asked(place, line.number(), CandidateQuestion.parse(line.bytes(), names, end), "");
        } catch (RejectedRecordException e) {
            return new Asked(place, line.number(), null, String.valueOf(e.getMessage()));
        }
    }

    private Step<Optional<CandidateScores>> weigh(Asked asked) {
        CandidateQuestion question = asked.question();
        return question == null
                ? Step.done(Optional.empty())
                : model.scores(question.prompt(), question.candidates());
    }

    private void tell(Asked asked, Optional<CandidateScores> answer) {
        CandidateQuestion question = asked.question();
        if (question == null || answer.isEmpty()) {
            totals = totals.plusRejected();
            String id = question == null ? null : question.id();
            String why = question == null
                    ? asked.why()
                    : "the model gives the text before the candidates no probability";
            put(asked.place(), QuestionRow.rejected(asked.line(), id, why));
            return;
        }
        CandidateScores scores = answer.get();
        boolean truncated = scores.longestContext() > contextTokens;
        totals = totals.plus(scores, question.gold(), truncated);
        put(asked.place(), QuestionRow.of(asked.line(), question, scores, truncated));
    }

    /** Rows wait for those before them. */
    private void put(long place, String row) {
        waiting.put(place, row);
        try {
            String next;
            while ((next = waiting.remove(written)) != null) {
                rows.append(next).append('\n');
                written++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a row cannot be written: " + e.getMessage(), e);
        }
    }
}
