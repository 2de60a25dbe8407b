package io.bytelm.service.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.security.MessageDigest;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A token in the header {@code authorization}, as RFC 6750 has it. */
final class BearerToken {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    /** Shows it with each call of a client. */
    static CallCredentials shown(TokenFile token) {
        return new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(AUTHORIZATION, SCHEME + token.token());
                applier.apply(headers);
            }
        };
    }

    /** Wants to see it with each call, but those that ask for the server's health: who starts and stops it has no token. */
    static ServerInterceptor required(TokenFile token) {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                boolean isHealth = HealthGrpc.SERVICE_NAME.equals(
                        call.getMethodDescriptor().getServiceName());
                if (isHealth || isShown(headers.get(AUTHORIZATION), token)) {
                    return next.startCall(call, headers);
                }
                call.close(
                        Status.UNAUTHENTICATED.withDescription("this service wants a token that it knows"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
    }

    private static boolean isShown(@Nullable String header, TokenFile token) {
        byte[] wanted = (SCHEME + token.token()).getBytes(US_ASCII);
        return header != null && MessageDigest.isEqual(header.getBytes(US_ASCII), wanted);
    }
}
