package io.bytelm.vocab;

import java.util.regex.Pattern;

/**
 * The token that contexts are to begin with, as a user gives it.
 *
 * @param given digits are an id, all else is a token's name
 */
record BosChoice(String given) {
    private static final Pattern ID = Pattern.compile("[0-9]{1,9}");
    private static final String NONE = "none";

    /**
     * Its id.
     *
     * @param rows the model's number of token ids
     * @throws VocabularyException if the model has no such token
     */
    int of(Tokenizer tokenizer, int rows) {
        if (given.equals(NONE)) { // also where it is a word of the vocabulary, which nobody means
            throw new VocabularyException(
                    "--bos none: a model says nothing of what follows no token; name the token that its texts begin"
                            + " after (Qwen's <|endoftext|>), or an id");
        }
        Integer id = ID.matcher(given).matches() ? Integer.valueOf(given) : tokenizer.idOf(given);
        if (id == null) {
            throw new VocabularyException("--bos " + given + ": no token of " + tokenizer.file()
                    + " has this name; bytelm vocab lists all, and an id does too");
        }
        if (id >= rows) {
            throw new VocabularyException("--bos " + given + ": the model has rows for " + rows
                    + " tokens only (vocab_size)" + (ID.matcher(given).matches() ? "" : ", this one is id " + id)
                    + "; choose another");
        }
        return id;
    }
}
