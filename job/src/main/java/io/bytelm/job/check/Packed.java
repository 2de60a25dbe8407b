package io.bytelm.job.check;

import io.bytelm.job.UserException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.InstantiationUtil;

/**
 * An object as bytes, so that whoever receives them needs none of its classes until it unpacks them. Flink unpacks what it
 * sends to a TaskManager before any code of the job runs, and starts a job again for ever if that fails for want of a class.
 *
 * @param <T> what is packed
 */
final class Packed<T extends Serializable> implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    Packed(T object) {
        try {
            bytes = InstantiationUtil.serializeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(object.getClass().getName() + " cannot be sent to a cluster", e);
        }
    }

    /**
     * The object again.
     *
     * @throws SuppressRestartsException if a class of it is missing here; another attempt would miss it too
     */
    T unpack(ClassLoader loader) {
        try {
            return InstantiationUtil.deserializeObject(bytes, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new SuppressRestartsException(
                    new UserException(SharedJars.complaint(loader).orElseGet(() -> SharedJars.brokenBy(e)), e));
        } catch (IOException e) {
            throw new UncheckedIOException("what the client sent cannot be read", e);
        }
    }
}
