package io.bytelm.lm.djl;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;

/** How many processors other processes use, of those that this one sees; in a container, those of the container. */
final class OtherProcesses implements DoubleSupplier {
    static final double UNKNOWN = -1;

    /** Since the last call; {@link #UNKNOWN} where the system does not say. Any thread. */
    @Override
    public double getAsDouble() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
            return UNKNOWN;
        }
        double all = system.getCpuLoad();
        double own = system.getProcessCpuLoad();
        return all < 0 || own < 0 ? UNKNOWN : Math.max(0, all - own) * system.getAvailableProcessors();
    }
}
