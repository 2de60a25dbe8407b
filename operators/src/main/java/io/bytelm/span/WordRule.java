package io.bytelm.span;

/** A word is what stands between white space. */
record WordRule(SpanSpace space) implements CharacterRule {
    private static final int WORD = 1;
    private static final int SPACE = 2;

    @Override
    public int next(int state, int character) {
        if (Characters.isSpace(character)) {
            return SPACE | (state == WORD && space == SpanSpace.AFTER ? BORDER_BEFORE : 0);
        }
        return WORD | (state == SPACE && space == SpanSpace.BEFORE ? BORDER_BEFORE : 0);
    }

    @Override
    public boolean isInWord(int state) {
        return state == WORD && space == SpanSpace.BEFORE;
    }
}
