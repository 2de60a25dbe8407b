package io.bytelm.job.cli;

import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.job.serve.ServiceProcess;
import io.bytelm.service.grpc.ServerSecurity;
import io.bytelm.service.grpc.ServerSettings;
import io.bytelm.service.grpc.ServiceAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves a model to jobs and commands in other processes. */
@Command(
        name = "serve",
        header = "Serve a model to other processes.",
        description = {
            "Opens a model and answers those who start with --service: jobs on a cluster, or commands on this machine.",
            "Ends on SIGTERM or Ctrl-C, when it has answered what it was asked."
        },
        footer = {
            "",
            "Example:",
            "  bytelm serve --model DIR --listen 127.0.0.1:9095",
            "  bytelm next --service 127.0.0.1:9095 --prefix \"It was a dark and stormy n\""
        })
final class ServeCommand implements Runnable {
    private static final long MOST_DRAIN_SECONDS = 3600;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            order = 10,
            defaultValue = "127.0.0.1:9095",
            description = "Where to listen; 0.0.0.0 for all addresses of this machine, port 0 for one that is free."
                    + " Default: ${DEFAULT-VALUE}.")
    private String listen;

    @Option(
            names = "--metrics-listen",
            paramLabel = "HOST:PORT",
            order = 11,
            description = "Where Prometheus finds metrics, at /metrics. Default: nowhere.")
    private @Nullable String metricsListen;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            order = 12,
            description = "This server's certificate and those above it (PEM); with it the connection is TLS. Files of"
                    + " certificates, keys and token are read again when they change, within a minute.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", order = 13, description = "Its private key (PEM, PKCS 8).")
    private @Nullable Path key;

    @Option(
            names = "--tls-client-ca",
            paramLabel = "FILE",
            order = 14,
            description = "Only clients with a certificate that one of these (PEM) has signed.")
    private @Nullable Path clientAuthority;

    @Option(
            names = "--token",
            paramLabel = "FILE",
            order = 15,
            description = "Only clients that show the token in this file, one line.")
    private @Nullable Path token;

    @Option(
            names = "--drain-seconds",
            paramLabel = "S",
            order = 16,
            defaultValue = "30",
            description = "How long to go on answering at the end. Default: ${DEFAULT-VALUE}.")
    private long drainSeconds;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            order = 17,
            defaultValue = "16384",
            description =
                    "The most contexts that wait for the model; of more, those clients are refused for a while who have"
                            + " more waiting than their share. Default: ${DEFAULT-VALUE}.")
    private int maxWaiting;

    @Option(names = "--reflection", order = 18, description = "Tell tools such as grpcurl what can be asked.")
    private boolean reflection;

    @Option(names = "--channelz", order = 19, description = "Show connections to gRPC's debugging tools.")
    private boolean channelz;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ServiceOptions service;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        ServerSettings settings = settings();
        @Nullable ServiceAddress metrics = metricsListen == null ? null : address("--metrics-listen", metricsListen);
        if (maxWaiting < 1) {
            throw new UserException("--max-waiting must be at least 1, got " + maxWaiting);
        }
        ModelSettings served = model.documentSettings(service.settings().withMaxWaiting(maxWaiting));
        try (ServiceProcess process = ServiceProcess.start(served, settings, metrics)) {
            common.terminal(spec).line("%s", process.readyLine());
            spec.commandLine().getOut().flush();
            process.awaitEnd();
        }
    }

    private ServerSettings settings() {
        if (drainSeconds < 0 || drainSeconds > MOST_DRAIN_SECONDS) {
            throw new UserException("--drain-seconds must be 0 to " + MOST_DRAIN_SECONDS + ", got " + drainSeconds);
        }
        ServiceAddress address = address("--listen", listen);
        try {
            ServerSecurity security = new ServerSecurity(certificate, key, clientAuthority, token);
            return new ServerSettings(address, security, reflection, channelz, Duration.ofSeconds(drainSeconds));
        } catch (IllegalArgumentException e) {
            throw new UserException("--tls-cert, --tls-key, --tls-client-ca: " + e.getMessage(), e);
        }
    }

    private static ServiceAddress address(String option, String text) {
        try {
            return ServiceAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserException(option + ": " + e.getMessage(), e);
        }
    }
}
