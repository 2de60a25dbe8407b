package io.bytelm.job.likelihood.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A field of rows that are written as a table.
 *
 * @param fields of a {@link Kind#GROUP}; else none
 */
record Column(String name, Kind kind, List<Column> fields) {
    /** What a field holds. */
    enum Kind {
        /** Text that every row has. */
        NAME,
        TEXT,
        WHOLE,
        REAL,
        /** A list of real numbers. */
        REALS,
        /** Fields of its own. */
        GROUP
    }

    private static Column of(String name, Kind kind) {
        return new Column(name, kind, List.of());
    }

    /**
     * The fields of a document's row.
     *
     * @param compared whether rows have the numbers of a second model
     */
    static List<Column> ofScores(boolean compared, RowWriter.Plan plan) {
        List<Column> columns = new ArrayList<>();
        columns.add(of("id", Kind.NAME));
        columns.add(of("bytes", Kind.WHOLE));
        List<Column> numbers = numbers(plan);
        columns.addAll(numbers);
        columns.add(of("windows", Kind.WHOLE));
        if (compared) {
            columns.add(new Column("compared", Kind.GROUP, numbers));
            columns.add(of("log_likelihood_difference", Kind.REAL));
            columns.add(of("bits_per_byte_difference", Kind.REAL));
        }
        return columns;
    }

    private static List<Column> numbers(RowWriter.Plan plan) {
        List<Column> numbers = new ArrayList<>();
        numbers.add(of("log_likelihood", Kind.REAL));
        if (plan.certified()) {
            numbers.add(of("log_likelihood_upper", Kind.REAL));
        }
        numbers.add(of("bits_per_byte", Kind.REAL));
        numbers.add(of("evaluations", Kind.WHOLE));
        numbers.add(of("truncated_bytes", Kind.WHOLE));
        if (plan.byteLogProbs()) {
            numbers.add(of("byte_logprobs", Kind.REALS));
        }
        return numbers;
    }

    /**
     * The fields of a span's row.
     *
     * @param compared as in {@link #ofScores}
     * @param wordEnds whether it is said how probable words are
     */
    static List<Column> ofSpans(boolean compared, boolean wordEnds) {
        List<Column> columns = new ArrayList<>();
        columns.add(of("id", Kind.NAME));
        for (String whole : List.of("span", "from", "to")) {
            columns.add(of(whole, Kind.WHOLE));
        }
        columns.add(of("text", Kind.TEXT));
        columns.add(of("text_hex", Kind.TEXT));
        columns.add(of("bytes", Kind.WHOLE));
        List<Column> numbers = new ArrayList<>(List.of(of("log_likelihood", Kind.REAL), of("bits", Kind.REAL)));
        if (wordEnds) {
            numbers.add(of("word_log_likelihood", Kind.REAL));
        }
        columns.addAll(numbers);
        if (compared) {
            columns.add(new Column("compared", Kind.GROUP, numbers));
            columns.add(of("log_likelihood_difference", Kind.REAL));
        }
        return columns;
    }
}
