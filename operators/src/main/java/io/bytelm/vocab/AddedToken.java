package io.bytelm.vocab;

/**
 * A token beside the pieces of a tokenizer's model, found in a text as it stands.
 *
 * @param content its name, not empty where it is to be a token
 * @param special whether it is a control token rather than text
 */
record AddedToken(String content, boolean special) {
    AddedToken asSpecial() {
        return special ? this : new AddedToken(content, true);
    }
}
