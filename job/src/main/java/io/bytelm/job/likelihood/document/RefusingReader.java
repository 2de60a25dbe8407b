package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a file that is damaged into a reject: what was read before counts, what would have followed is missing, and the run
 * goes on. Whatever a decoder throws is the file's fault once {@link SourceFile} has told that the environment is sound; an
 * exhausted virtual machine is nobody's, and passes.
 */
final class RefusingReader implements DocumentReader {
    private static final Logger LOG = LoggerFactory.getLogger(RefusingReader.class);

    /** Opens the reader of a file. */
    @FunctionalInterface
    interface Opener {
        DocumentReader open(SourceFile file) throws IOException;
    }

    private final SourceFile file;
    private final Opener opener;
    private @Nullable DocumentReader reader;
    private long lastPosition;
    private long toldInputBytes;
    private int rejects;
    private boolean ended;

    RefusingReader(SourceFile file, Opener opener) {
        this.file = file;
        this.opener = opener;
    }

    @Override
    public @Nullable Item next() {
        if (ended) {
            return null;
        }
        try {
            DocumentReader opened = reader == null ? opener.open(file) : reader;
            reader = opened;
            Item item = opened.next();
            if (item != null) {
                lastPosition = item.position();
                toldInputBytes += item.inputBytes();
                return item;
            }
        } catch (IOException | RuntimeException | Error e) {
            return refused(e);
        }
        file.requireSound(); // a decoder may have taken a failure for the end
        ended = true;
        return null;
    }

    private Item refused(Throwable failure) {
        if (failure instanceof VirtualMachineError exhausted && !(failure instanceof StackOverflowError)) {
            throw exhausted;
        }
        file.requireSound();
        ended = true;
        rejects++;
        LOG.info("cannot read on in {}", file.part(), failure);
        return reject(failure);
    }

    private Item reject(Throwable failure) {
        boolean begun = lastPosition > 0;
        String where = begun ? "after " + file.name() + ":" + lastPosition + " the file" : "the file";
        String why = failure instanceof DamagedException
                ? String.valueOf(failure.getMessage())
                : "its contents cannot be decoded";
        boolean missingText = failure instanceof MissingTextException;
        return Item.reject(
                file.name(),
                lastPosition + 1,
                begun ? file.name() + ":" + (lastPosition + 1) : file.name(),
                Math.max(0, file.part().length() - toldInputBytes),
                missingText ? RejectReason.MISSING_TEXT : RejectReason.UNREADABLE,
                missingText ? String.valueOf(failure.getMessage()) : where + " cannot be read: " + why);
    }

    @Override
    public long taken() {
        return rejects + (reader == null ? 0 : reader.taken());
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
