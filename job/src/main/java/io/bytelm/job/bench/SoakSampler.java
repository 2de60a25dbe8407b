package io.bytelm.job.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks at the memory once a second, on a thread of its own, until it is closed. */
final class SoakSampler implements AutoCloseable {
    private static final double SECONDS_BETWEEN_REPORTS = 60;
    private static final long LONGEST_LOOK_SECONDS = 60;

    private final SoakGauges gauges;
    private final SoakWatch watch;
    private final Consumer<MemorySample> reports;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "bytelm-soak");
        thread.setDaemon(true);
        return thread;
    });
    private double nextReport;

    /**
     * @param watch sees every sample; touched by no other thread until this is closed
     * @param reports is told of one sample a minute
     */
    SoakSampler(SoakGauges gauges, SoakWatch watch, Consumer<MemorySample> reports) {
        this.gauges = gauges;
        this.watch = watch;
        this.reports = reports;
        var unused = clock.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void look() {
        MemorySample sample = gauges.sample();
        watch.see(sample);
        if (sample.seconds() >= nextReport) {
            reports.accept(sample);
            nextReport += SECONDS_BETWEEN_REPORTS;
        }
    }

    /** Returns when the last look has ended. */
    @Override
    public void close() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(LONGEST_LOOK_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the soak's last look at the memory does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the end of a soak", e);
        }
    }
}
