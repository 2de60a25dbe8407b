package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A beam as a person wants to see it: a line for the total, then a line for each candidate with its share of the beam,
 * its log weight (nats), and its tokens with a bar after each; what follows the last bar is the token still open.
 *
 * <pre>{@code
 * log Z -4.54  2 candidates
 * 0.9312   -4.61  <s>|the| e
 * 0.0688   -7.22  <s>|the| |e
 * }</pre>
 *
 * @param vocabulary what the tokens stand for
 * @param colour whether to use ANSI colours: shares that pruning keeps are green, others red
 */
public record BeamPicture(Vocabulary vocabulary, boolean colour) {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RESET = "\u001b[0m";

    public static BeamPicture plain(Vocabulary vocabulary) {
        return new BeamPicture(vocabulary, false);
    }

    public static BeamPicture coloured(Vocabulary vocabulary) {
        return new BeamPicture(vocabulary, true);
    }

    /** The lines, each with its line end. */
    public String of(Beam beam) {
        int count = beam.hypotheses().size();
        String head = String.format(
                Locale.ROOT, "log Z %.2f  %d %s", beam.logZ(), count, count == 1 ? "candidate" : "candidates");
        return beam.hypotheses().stream()
                .map(hypothesis -> candidate(hypothesis, beam) + "\n")
                .collect(Collectors.joining("", paint(BOLD, head) + "\n", ""));
    }

    private String candidate(Hypothesis hypothesis, Beam beam) {
        double logShare = LogSpace.logDivide(hypothesis.logWeight(), beam.logZ());
        boolean kept = logShare > beam.params().logPruneThreshold();
        String share = String.format(Locale.ROOT, "%.4f", Math.exp(logShare));
        String weight = String.format(Locale.ROOT, "%8.2f", hypothesis.logWeight());
        return paint(kept ? GREEN : RED, share) + weight + "  " + tokens(hypothesis);
    }

    private String tokens(Hypothesis hypothesis) {
        String bar = paint(DIM, "|");
        String closed = Arrays.stream(hypothesis.context().tokens())
                .mapToObj(token -> PrintableBytes.of(vocabulary.bytes(token)) + bar)
                .collect(Collectors.joining());
        String open = paint(BOLD, PrintableBytes.of(hypothesis.partial()));
        return closed + open + (hypothesis.terminated() ? paint(YELLOW, "<EOS>") : "");
    }

    private String paint(String style, String text) {
        return colour && !text.isEmpty() ? style + text + RESET : text;
    }
}
