package io.bytelm.span;

/** A line ends behind its line feed. */
record LineRule() implements CharacterRule {
    @Override
    public int next(int state, int character) {
        return character == '\n' ? BORDER_AFTER : 0;
    }
}
