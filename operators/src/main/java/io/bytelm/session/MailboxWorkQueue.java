package io.bytelm.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Work for the task thread, handed over by any thread and done in the order of its arrival. However much is waiting,
 * there is one mail for it: the first piece that comes to an empty queue sends it, and a mail that leaves work behind
 * sends the next.
 */
public final class MailboxWorkQueue implements AutoCloseable {
    private final MailboxExecutor mailbox;
    private final int piecesPerMail;
    private final Queue<ThrowingRunnable<Exception>> work = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean mailIsOut = new AtomicBoolean();
    private volatile boolean closed;

    public MailboxWorkQueue(MailboxExecutor mailbox, int piecesPerMail) {
        this.mailbox = mailbox;
        this.piecesPerMail = piecesPerMail;
    }

    /** Any thread. Does nothing once the queue is closed or the task has ended. */
    public void add(ThrowingRunnable<Exception> piece) {
        if (!closed) {
            work.add(piece);
            sendMail();
        }
    }

    /** Forgets what is waiting and what still comes. */
    @Override
    public void close() {
        closed = true;
        work.clear();
    }

    private void sendMail() {
        if (mailIsOut.compareAndSet(false, true)) {
            try {
                mailbox.execute(this::drainOnMailbox, "session work");
            } catch (RejectedExecutionException taskHasEnded) {
                close();
            }
        }
    }

    private void drainOnMailbox() throws Exception {
        for (int done = 0; done < piecesPerMail; done++) {
            ThrowingRunnable<Exception> piece = work.poll();
            if (piece == null) {
                break;
            }
            piece.run();
        }
        // Lowered before the queue is looked at: a piece that comes in between sends its own mail.
        mailIsOut.set(false);
        if (!work.isEmpty()) {
            sendMail();
        }
    }
}
