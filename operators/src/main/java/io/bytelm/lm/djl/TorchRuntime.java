package io.bytelm.lm.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import io.bytelm.lm.DeviceMemory;
import io.bytelm.lm.ModelException;
import java.lang.management.MemoryUsage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's one PyTorch engine: loads it without touching the network, finds devices, and sets what PyTorch keeps per
 * thread.
 */
final class TorchRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(TorchRuntime.class);
    private static final Pattern GPU = Pattern.compile("gpu(\\d{1,3})");

    private TorchRuntime() {}

    /**
     * A device by name.
     *
     * @throws ModelException if the name is none or the machine has no such device
     */
    static Device device(String name) {
        Matcher gpu = GPU.matcher(name);
        if (!name.equals("cpu") && !gpu.matches()) {
            throw new ModelException("device '" + name + "': not a device; use cpu, gpu0, gpu1, ...");
        }
        int available = engine().getGpuCount();
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        int index = Integer.parseInt(gpu.group(1));
        if (index >= available) {
            throw new ModelException("device '" + name + "': PyTorch sees " + available + " GPUs here; use cpu, or set"
                    + " PYTORCH_LIBRARY_PATH to a libtorch with CUDA and PYTORCH_FLAVOR to cu128");
        }
        return Device.gpu(index);
    }

    /**
     * What a device says of its memory; null if it has none of its own, or the CUDA runtime that is asked cannot be found.
     * Any thread.
     */
    static @Nullable DeviceMemory memory(Device device) {
        if (!device.isGpu()) {
            return null;
        }
        try {
            MemoryUsage usage = CudaUtils.getGpuMemory(device);
            return usage.getMax() > 0 ? new DeviceMemory(usage.getCommitted(), usage.getMax()) : null;
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("{} does not say how much memory it has", device, e);
            return null;
        }
    }

    private static Engine engine() {
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true"); // else the engine asks the network for its libraries
        }
        try {
            return Engine.getEngine("PyTorch");
        } catch (EngineException | UnsatisfiedLinkError e) {
            throw new ModelException(
                    "the PyTorch engine cannot be loaded: " + e.getMessage()
                            + "; its native library must be on the class path for this operating system, and in one"
                            + " class loader of the process only",
                    e);
        }
    }

    /** A manager for everything that one model owns. */
    static NDManager newManager(Device device) {
        return engine().newBaseManager(device);
    }

    /**
     * Runs with gradients off and the number of threads set, both of which PyTorch keeps per thread.
     *
     * @param threads {@link DjlModelSettings#ENGINE_THREADS} leaves the number as it is
     */
    static <T> T withoutGradients(int threads, java.util.function.Supplier<T> work) {
        if (threads != DjlModelSettings.ENGINE_THREADS && JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            return work.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /** Runs with so many threads of the engine, and sets the number back, both for the calling thread. */
    static <T> T withThreads(int threads, java.util.function.Supplier<T> work) {
        int before = JniUtils.getNumThreads();
        if (before == threads) {
            return work.get();
        }
        JniUtils.setNumThreads(threads);
        try {
            return work.get();
        } finally {
            JniUtils.setNumThreads(before);
        }
    }

    /** How many threads the engine would use on the calling thread. */
    static int threads() {
        return JniUtils.getNumThreads();
    }
}
