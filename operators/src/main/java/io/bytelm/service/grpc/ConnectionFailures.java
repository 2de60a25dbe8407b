package io.bytelm.service.grpc;

import io.grpc.Status;
import java.util.Locale;

/** Says in one line for people why a remote service cannot be used, going by what gRPC says. */
final class ConnectionFailures {
    private final ClientSecurity security;

    ConnectionFailures(ClientSecurity security) {
        this.security = security;
    }

    String explain(Status status) {
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                security.token() == null
                        ? "it wants a token, and none is given"
                        : "it does not know the token in " + security.token();
            case UNIMPLEMENTED ->
                "something that speaks gRPC listens there, but it is no trie/LM service (bytelm.v1.TrieLm):"
                        + " is it one that bytelm serve started?";
            case DEADLINE_EXCEEDED ->
                "something listens there and does not answer: it may be stopped, or no trie/LM service";
            case DATA_LOSS -> "a message was changed on the way";
            case UNAVAILABLE, UNKNOWN, INTERNAL -> explainTransport(status);
            default -> describe(status);
        };
    }

    private String explainTransport(Status status) {
        String all = causes(status);
        if (all.contains("connection refused")) {
            return "connection refused: nothing listens there";
        }
        if (all.contains("unknownhost") || all.contains("unable to resolve host")) {
            return "no machine of that name is known";
        }
        if (all.contains("sslexception")
                || all.contains("sslhandshake")
                || all.contains("certpath")
                || all.contains("certificate")
                || all.contains("notsslrecord")) {
            return explainTls(all);
        }
        if (all.contains("http/2")
                || all.contains("http2")
                || all.contains("http status")
                || all.contains("content-type")) {
            return security.tls()
                    ? "something listens there that is no trie/LM service"
                    : "something listens there that is no trie/LM service, or one that wants TLS";
        }
        boolean isClosed = all.contains("network closed")
                || all.contains("connection reset")
                || all.contains("broken pipe")
                || all.contains("closedchannel");
        return isClosed ? explainClosing() : describe(status);
    }

    private String explainTls(String all) {
        if (all.contains("notsslrecord")
                || all.contains("not an ssl/tls record")
                || all.contains("unsupported or unrecognized ssl")) {
            return "it does not speak TLS";
        }
        if (all.contains("no subject alternative") || all.contains("no name matching")) {
            return "its certificate is for another name";
        }
        if (all.contains("expired") || all.contains("validity check failed")) {
            return "its certificate has expired";
        }
        if (all.contains("_alert_")) { // it is the other side that refuses
            return security.certificate() == null
                    ? "it wants a certificate of its clients, and none is given"
                    : "it does not trust the certificate " + security.certificate();
        }
        return security.authority() == null
                ? "its certificate is not signed by anybody whom Java trusts"
                : "its certificate is not signed by one of those in " + security.authority();
    }

    private String explainClosing() {
        return security.tls()
                ? "it closes the connection: it has ended, or is no trie/LM service"
                : "it closes the connection: it has ended, or wants TLS (--service-ca), or is no trie/LM service";
    }

    private static String describe(Status status) {
        Throwable cause = status.getCause();
        String description = cause == null || cause.getMessage() == null ? status.getDescription() : cause.getMessage();
        return description == null || description.isBlank()
                ? "it is " + status.getCode().name().toLowerCase(Locale.ROOT)
                : description.lines().findFirst().orElse("");
    }

    /** All that is said of it, for looking through. */
    private static String causes(Status status) {
        StringBuilder all = new StringBuilder(String.valueOf(status.getDescription()));
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            all.append('\n').append(cause);
        }
        return all.toString().toLowerCase(Locale.ROOT);
    }
}
