package io.bytelm.job.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What this process has used of the machine. */
final class ProcessUse {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";

    private ProcessUse() {}

    /** Processor time (ns) of all threads, those of the engine and of the garbage collector among them. */
    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** The most resident memory so far (MiB); null where the system does not say. */
    static @Nullable Double peakRssMegabytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(PEAK)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
            return null;
        } catch (IOException e) {
            return null; // not Linux
        }
    }
}
