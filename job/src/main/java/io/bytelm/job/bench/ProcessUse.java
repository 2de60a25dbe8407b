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
    private static final String NOW = "VmRSS:";

    private ProcessUse() {}

    /** Processor time (ns) of all threads, those of the engine and of the garbage collector among them. */
    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** The most resident memory so far (MiB); null where the system does not say. */
    static @Nullable Double peakRssMegabytes() {
        return megabytes(PEAK);
    }

    /** Resident memory now (MiB); NaN where the system does not say. */
    static double rssMegabytes() {
        Double megabytes = megabytes(NOW);
        return megabytes == null ? Double.NaN : megabytes;
    }

    private static @Nullable Double megabytes(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
            return null;
        } catch (IOException e) {
            return null; // not Linux
        }
    }
}
