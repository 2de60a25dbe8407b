package io.bytelm.job;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for what takes them later, or again after it was killed. They lie below those that operating systems hand out by
 * themselves, so that nothing else happens to get one meanwhile. None comes twice, neither in this process nor in another
 * one that runs tests of the same build.
 */
public final class FreePorts {
    private static final int PROCESSES = 4;
    private static final int COUNT = 4_000;
    private static final int FIRST = 15_000 + COUNT * (Integer.getInteger("surefire.forkNumber", 1) % PROCESSES);
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePorts() {}

    /** A port at which nobody listens on this machine's loopback address. */
    public static int next() throws IOException {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new IOException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
    }
}
