package io.bytelm.service.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A slow and bad network on loopback: passes bytes on, late, and cuts connections or changes bytes on the way. */
public final class FaultyProxy implements AutoCloseable {
    private static final int BUFFER = 8192;

    private final ServerSocket listening;
    private final ServiceAddress target;
    private final Random random;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger delays = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile int delayMillis;
    private volatile double cutShare;
    private volatile double changeShare;
    private volatile boolean isFrozen;

    public FaultyProxy(ServiceAddress target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public ServiceAddress address() {
        return new ServiceAddress("127.0.0.1", listening.getLocalPort());
    }

    /** Each piece of what is sent waits so long. */
    public void delay(int millis) {
        delayMillis = millis;
    }

    /** So many of the pieces end their connection. */
    public void cut(double share) {
        cutShare = share;
    }

    /** In so many of the pieces a byte is changed. */
    public void change(double share) {
        changeShare = share;
    }

    /** Connections stay and nothing passes, as where a process is stopped. */
    public void freeze() {
        isFrozen = true;
    }

    public int delays() {
        return delays.get();
    }

    public int cuts() {
        return cuts.get();
    }

    public int changes() {
        return changes.get();
    }

    /** Nothing happens on the way any more. */
    public void heal() {
        delayMillis = 0;
        cutShare = 0;
        changeShare = 0;
        isFrozen = false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                connect(listening.accept());
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(target.host(), target.port());
            open.add(client);
            open.add(server);
            threads.execute(() -> pass(client, server));
            threads.execute(() -> pass(server, client));
        } catch (IOException e) {
            client.close(); // nobody listens there
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[BUFFER];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                while (isFrozen && !listening.isClosed()) {
                    Thread.sleep(10);
                }
                if (delayMillis > 0) {
                    delays.incrementAndGet();
                    Thread.sleep(delayMillis);
                }
                if (draw() < cutShare) {
                    cuts.incrementAndGet();
                    return;
                }
                if (draw() < changeShare) {
                    changes.incrementAndGet();
                    piece[(int) (draw() * count)] ^= (byte) (1 << (int) (draw() * 8));
                }
                out.write(piece, 0, count);
            }
        } catch (IOException e) {
            // the other side has ended
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
        }
    }

    private double draw() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
