package io.bytelm.job.cli;

import io.bytelm.candidate.CandidateScores;
import io.bytelm.job.terminal.Bar;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import java.util.Locale;

/** What candidates weigh, for people. */
final class CandidatesTable {
    private static final int BAR_COLUMNS = 20;
    private static final int PREFIX_COLUMNS = 60;

    private final Terminal terminal;

    CandidatesTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(byte[] prefix, CandidateScores scores) {
        if (prefix.length > 0) {
            String text = ByteText.of(prefix);
            String shown =
                    text.length() <= PREFIX_COLUMNS ? text : "…" + text.substring(text.length() - PREFIX_COLUMNS);
            terminal.line("After %s", terminal.styled(Style.BOLD, shown));
            terminal.emptyLine();
        }
        double[] logProbs = scores.logProbs();
        int[] ranks = scores.ranks();
        Table table = new Table(terminal, ">rank", ">probability", "", ">nats", ">bits a byte", "candidate");
        for (int place = 0; place < scores.size(); place++) {
            byte[] text = scores.texts().get(place);
            double probability = Math.exp(logProbs[place]);
            double logLikelihood = scores.logLikelihoods()[place];
            String shown = ByteText.of(text);
            table.row(
                    Integer.toString(ranks[place]),
                    NextTable.percent(probability),
                    terminal.styled(Style.CYAN, Bar.of(probability, BAR_COLUMNS)),
                    number(logLikelihood),
                    number(-logLikelihood / Math.log(2) / text.length),
                    place == scores.best() ? terminal.styled(Style.BOLD, shown) : shown);
        }
        table.print();
        if (scores.best() == CandidateScores.NONE) {
            terminal.line("The model gives none of them any probability.");
        }
    }

    private static String number(double value) {
        return Double.isInfinite(value) ? "impossible" : String.format(Locale.ROOT, "%.3f", value);
    }
}
