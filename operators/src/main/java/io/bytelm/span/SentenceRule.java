package io.bytelm.span;

/**
 * A sentence ends with full stops, question and exclamation marks, and the quotation marks and brackets that close behind them,
 * if white space follows; with those of Chinese, Japanese and Devanagari whatever follows; and at a blank line. There is no list of
 * abbreviations: "Mr. Holmes" is two.
 */
record SentenceRule(SpanSpace space) implements CharacterRule {
    private static final int TEXT = 0;
    /** Behind a terminator. */
    private static final int TERMINATED = 1;
    /** Behind one that needs no white space. */
    private static final int FINAL = 2;
    /** In the white space behind a sentence. */
    private static final int ENDED = 3;
    /** In white space within a sentence, behind a line feed. */
    private static final int NEW_LINE = 4;

    @Override
    public int next(int state, int character) {
        return Characters.isSpace(character) ? inSpace(state, character) : inText(state, character);
    }

    private int inSpace(int state, int character) {
        return switch (state) {
            case TERMINATED, FINAL -> ended();
            case NEW_LINE -> character == '\n' ? ended() : NEW_LINE;
            case ENDED -> ENDED;
            default -> character == '\n' ? NEW_LINE : TEXT;
        };
    }

    private int ended() {
        return ENDED | (space == SpanSpace.AFTER ? BORDER_BEFORE : 0);
    }

    private int inText(int state, int character) {
        boolean isBehindMark = state == TERMINATED || state == FINAL;
        if (isBehindMark && Characters.isCloser(character)) {
            return state;
        }
        if (Characters.isFinalTerminator(character)) {
            return FINAL | borderAt(state, false);
        }
        if (Characters.isTerminator(character)) {
            return (state == FINAL ? FINAL : TERMINATED) | borderAt(state, false);
        }
        return TEXT | borderAt(state, state == FINAL);
    }

    private int borderAt(int state, boolean endsHere) {
        return endsHere || state == ENDED && space == SpanSpace.BEFORE ? BORDER_BEFORE : 0;
    }
}
