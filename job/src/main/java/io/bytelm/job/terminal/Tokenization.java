package io.bytelm.job.terminal;

import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayDeque;
import java.util.Deque;

/** Draws a way to read a text: closed tokens side by side in two colours (or with bars between), the open one at the end. */
public final class Tokenization {
    private static final String CUT = "…";

    private final Terminal terminal;
    private final Vocabulary vocabulary;

    /**
     * What is drawn.
     *
     * @param context the closed tokens
     * @param open the bytes of the open one; not to be changed
     * @param hasEnded whether the sequence has ended
     */
    public record Shown(TokenContext context, byte[] open, boolean hasEnded) {}

    public Tokenization(Terminal terminal, Vocabulary vocabulary) {
        this.terminal = terminal;
        this.vocabulary = vocabulary;
    }

    /** The newest tokens, as many as fit. BOS, which every context begins with, is left out. */
    public String of(Shown shown, int columns) {
        int[] tokens = shown.context().tokens();
        String open = ByteText.of(shown.open());
        Deque<String> pieces = new ArrayDeque<>();
        int room = columns - open.length() - CUT.length();
        int at = tokens.length - 1;
        for (; at >= 1; at--) {
            String text = textOf(tokens[at]);
            room -= text.length() + (terminal.colours() ? 0 : 1);
            if (room < 0) {
                break;
            }
            Style style = at % 2 == 0 ? Style.TOKEN : Style.OTHER_TOKEN;
            pieces.addFirst(terminal.styled(style, text));
        }
        String cut = at >= 1 ? terminal.styled(Style.DIM, CUT) : "";
        String openShown =
                shown.hasEnded() ? terminal.styled(Style.BOLD, "(end)") : terminal.styled(Style.OPEN_TOKEN, open);
        String separator = terminal.colours() ? "" : "|";
        pieces.addLast(openShown);
        return cut + String.join(separator, pieces);
    }

    private String textOf(int token) {
        byte[] bytes = vocabulary.bytes(token);
        return bytes.length == 0 ? "#" + token : ByteText.of(bytes);
    }
}
