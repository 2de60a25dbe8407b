package io.bytelm.session;

import io.bytelm.canonical.Certified;
import io.bytelm.decode.ReadText;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes readers, of what an {@code open} asks for or of what is stored. Confined to the task thread. */
sealed interface TextReaders permits ModelReaders, CombinedReaders {
    /** Of the model, the first of several: by it an {@code open} is understood. */
    Vocabulary vocabulary();

    /** Of each model, in their order. */
    List<Vocabulary> vocabularies();

    /**
     * Before the first byte of a prompt, in which EOS tokens are ordinary ones.
     *
     * @throws RejectedRecordException if it asks for canonical tokenizations and they are not offered, or for what several
     *     models cannot do
     */
    TextReader begin(OpenRequest request) throws RejectedRecordException;

    /**
     * As {@link #begin}, or after what was read of the prompt before.
     *
     * @throws RejectedRecordException as {@link #begin} and {@link #restored}
     */
    default TextReader goingOn(OpenRequest request, @Nullable Opening begun) throws RejectedRecordException {
        return begun == null ? begin(request) : restored(begun.reading());
    }

    /** @throws RejectedRecordException if the models or the tokenizer are not those that the text was read with */
    TextReader restored(Reading stored) throws RejectedRecordException;

    /**
     * Before the first byte of the prompt of a text that is written after it, as {@link OpenRequest#ofPrompt}.
     *
     * @param each what is asked of each model, in their order: the tokens that end a text are its own
     * @throws RejectedRecordException as {@link #begin}
     */
    TextReader beginPrompt(List<OpenRequest> each) throws RejectedRecordException;

    /** Whether the end of the sequence can have a probability after a prompt. */
    boolean endsByEos(List<OpenRequest> each);

    /**
     * Nothing written after a prompt that was read to its end.
     *
     * @param each as in {@link #beginPrompt}
     * @throws io.bytelm.service.NoCanonicalTokenizationsException if the rules, which were there for the prompt, are there no
     *     more
     */
    ReadText written(TextReader prompt, List<OpenRequest> each);

    /**
     * A text after a prompt.
     *
     * @param logProb between what log P (nats) of it lies
     * @throws RejectedRecordException as {@link #restored}
     */
    ReadText written(Reading stored, Certified logProb) throws RejectedRecordException;

    /** What to wait for before canonical tokenizations can be followed, or refused; null if nothing. */
    @Nullable
    CompletableFuture<?> preparation();
}
