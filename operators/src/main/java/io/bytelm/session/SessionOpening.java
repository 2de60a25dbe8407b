package io.bytelm.session;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Step;
import io.bytelm.record.OpenRequest;
import io.bytelm.vocab.Vocabulary;

/**
 * How a session of any kind begins: with the space that a SentencePiece tokenizer puts before the first word, and its
 * prompt, which are read but belong to no output and no score.
 *
 * @param dummyPrefix whether there is that space
 */
record SessionOpening(Vocabulary vocabulary, boolean dummyPrefix) {
    /** The beam after the prompt. */
    Step<Beam> prompted(OpenRequest request) {
        Beam initial = Beam.initial(vocabulary.bosToken(), request.params());
        byte[] unscored = unscoredBytes(request.prompt());
        return unscored.length == 0 ? Step.done(initial) : initial.prefill(unscored);
    }

    private byte[] unscoredBytes(byte[] prompt) {
        byte[] prefix = dummyPrefix ? vocabulary.dummyPrefix() : new byte[0];
        byte[] all = new byte[prefix.length + prompt.length];
        System.arraycopy(prefix, 0, all, 0, prefix.length);
        System.arraycopy(prompt, 0, all, prefix.length, prompt.length);
        return all;
    }
}
