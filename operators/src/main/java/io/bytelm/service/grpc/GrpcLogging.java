package io.bytelm.service.grpc;

import io.grpc.Server;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * gRPC logs each connection that fails or speaks something else by java.util.logging, with a stack trace. What of that
 * concerns somebody is said here in one line, so only what must not happen at all is heard of gRPC itself.
 */
final class GrpcLogging {
    /** Held, since the logging forgets loggers that nobody holds. By its package, which has another name in the shaded jar. */
    private static final Logger GRPC = Logger.getLogger(Server.class.getPackageName());

    private GrpcLogging() {}

    /** Whoever has set a level keeps it. Any thread. */
    static void hearOnlySevere() {
        if (GRPC.getLevel() == null) {
            GRPC.setLevel(Level.SEVERE);
        }
    }
}
