package io.bytelm.session;

import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes readers, of what an {@code open} asks for or of what is stored. Confined to the task thread. */
sealed interface TextReaders permits ModelReaders, CombinedReaders {
    /** Of the model, the first of several: by it an {@code open} is understood. */
    Vocabulary vocabulary();

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

    /** What to wait for before canonical tokenizations can be followed, or refused; null if nothing. */
    @Nullable
    CompletableFuture<?> preparation();
}
