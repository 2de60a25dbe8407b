package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MailboxWorkQueueTest {
    private final TaskMailboxImpl mailbox = new TaskMailboxImpl(Thread.currentThread());
    private final MailboxExecutorImpl executor =
            new MailboxExecutorImpl(mailbox, 0, StreamTaskActionExecutor.IMMEDIATE);

    @Test
    void workOfManyThreadsIsDoneOnceAndInTheOrderOfEach() throws Exception {
        int threads = 4;
        int piecesPerThread = 5000;
        MailboxWorkQueue queue = new MailboxWorkQueue(executor, 7);
        List<List<Integer>> done = IntStream.range(0, threads)
                .mapToObj(t -> (List<Integer>) new ArrayList<Integer>())
                .toList();
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> running = IntStream.range(0, threads)
                .mapToObj(thread -> new Thread(() -> {
                    try {
                        begin.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    for (int i = 0; i < piecesPerThread; i++) {
                        int piece = i;
                        queue.add(() -> done.get(thread).add(piece));
                    }
                }))
                .toList();
        running.forEach(Thread::start);
        begin.countDown();
        while (done.stream().mapToInt(List::size).sum() < threads * piecesPerThread) {
            executor.yield(); // a lost wake-up would make this wait for ever
            assertThat(mailbox.size()).isLessThanOrEqualTo(1);
        }
        for (Thread thread : running) {
            thread.join();
        }
        List<Integer> inOrder = IntStream.range(0, piecesPerThread).boxed().toList();
        assertThat(done).allMatch(inOrder::equals);
    }

    @Test
    void aClosedQueueSendsNoMailAndForgetsItsWork() throws Exception {
        List<String> done = new ArrayList<>();
        MailboxWorkQueue queue = new MailboxWorkQueue(executor, 7);
        queue.add(() -> done.add("before"));
        queue.close();
        queue.add(() -> done.add("after"));
        assertThat(mailbox.size()).isEqualTo(1);
        mailbox.take(0).run();
        assertThat(done).isEmpty();
        assertThat(mailbox.size()).isZero();
    }

    @Test
    void workForATaskThatHasEndedIsDropped() throws Exception {
        MailboxWorkQueue queue = new MailboxWorkQueue(executor, 7);
        mailbox.close();
        queue.add(() -> {
            throw new AssertionError("must not run");
        });
        queue.add(() -> {
            throw new AssertionError("must not run");
        });
    }
}
