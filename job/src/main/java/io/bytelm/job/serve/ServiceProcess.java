package io.bytelm.job.serve;

import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.ServerName;
import io.bytelm.service.grpc.ServerSettings;
import io.bytelm.service.grpc.ServerStatistics;
import io.bytelm.service.grpc.ServiceAddress;
import io.bytelm.service.grpc.TrieLmServer;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that is open and served until this process is asked to end. */
public final class ServiceProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);

    private final ModelSettings model;
    private final TrieLmService service;
    private final TrieLmServer server;
    private final @Nullable MetricsEndpoint metrics;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    private ServiceProcess(
            ModelSettings model, TrieLmService service, TrieLmServer server, @Nullable MetricsEndpoint metrics) {
        this.model = model;
        this.service = service;
        this.server = server;
        this.metrics = metrics;
        Runtime.getRuntime().addShutdownHook(new Thread(this::endAndWait, "bytelm-serve-end"));
    }

    /**
     * Opens the model, and then listens: who connects is answered.
     *
     * @param metrics where metrics are shown; null for nowhere
     * @throws UserException if an address cannot be listened at, or a file of the security settings cannot be used
     * @throws io.bytelm.lm.ModelException if the model cannot be loaded
     */
    public static ServiceProcess start(ModelSettings model, ServerSettings settings, @Nullable ServiceAddress metrics) {
        TrieLmService service = model.open();
        try {
            TrieLmServer server = TrieLmServer.start(service, name(model), settings);
            return new ServiceProcess(model, service, server, metricsOf(service, server, metrics));
        } catch (IllegalArgumentException e) {
            service.close();
            throw new UserException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            service.close();
            throw new UserException(
                    "cannot listen at " + settings.listen() + ": " + reason(e) + "; --listen takes another address", e);
        }
    }

    private static @Nullable MetricsEndpoint metricsOf(
            TrieLmService service, TrieLmServer server, @Nullable ServiceAddress metrics) {
        if (metrics == null) {
            return null;
        }
        try {
            return MetricsEndpoint.start(metrics, service, server);
        } catch (IOException e) {
            server.close();
            service.close();
            throw new UserException(
                    "cannot listen at " + metrics + ": " + reason(e) + "; --metrics-listen takes another address", e);
        }
    }

    /** Netty says the address, and its cause says why. */
    private static String reason(IOException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    private static ServerName name(ModelSettings model) {
        String version = ServiceProcess.class.getPackage().getImplementationVersion();
        return new ServerName(Objects.requireNonNullElse(version, "unknown"), model.name());
    }

    /** Where it listens. */
    public ServiceAddress address() {
        return server.address();
    }

    /** Where metrics are shown; null for nowhere. */
    public @Nullable ServiceAddress metrics() {
        return metrics == null ? null : metrics.address();
    }

    /** One line that says that it serves, and where. */
    public String readyLine() {
        String shown = metrics == null ? "" : ", metrics at http://" + metrics.address() + "/metrics";
        return "Serving " + model.name() + " at " + server.address() + shown;
    }

    /** Blocks until the process is asked to end, or the thread is interrupted. */
    public void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The JVM ends when its hooks have: this one waits until all is answered. */
    private void endAndWait() {
        end.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers what was asked, and frees the model. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LOG.info("Ending: {} clients go elsewhere", server.statistics().streams());
        server.close();
        if (metrics != null) {
            metrics.close();
        }
        service.close();
        ServerStatistics did = server.statistics();
        LOG.info("Ended after {} requests, {} answered, refused {}", did.calls(), did.answered(), did.refused());
        ended.countDown();
    }
}
