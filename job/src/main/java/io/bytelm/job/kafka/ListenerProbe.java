package io.bytelm.job.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a port speaks: Kafka's own client waits for ever, or takes a TLS alert for the length of an answer and
 * reserves that much memory. Nothing but the first words of a conversation is sent. Every method blocks.
 *
 * @param patience for each connection, and for each answer
 */
record ListenerProbe(String host, int port, Duration patience) {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerProbe.class);

    private static final short SASL_HANDSHAKE = 17;
    private static final short API_VERSIONS = 18;
    private static final short UNSUPPORTED_SASL_MECHANISM = 33;
    private static final String CLIENT = "bytelm-probe";
    private static final int NUMBER_OF_QUESTION = 0x42797465;
    private static final int LARGEST_ANSWER = 1 << 20;

    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int TLS_MAJOR_VERSION = 3;

    /** What a port speaks. */
    enum Speech {
        /** Kafka's protocol as it is, perhaps with a login. */
        PLAIN,
        /** TLS. */
        TLS,
        /** Nothing that we know. */
        UNKNOWN,
        /** Nobody is there. */
        NOTHING
    }

    Speech speech() {
        Speech first = askPlain();
        return first == Speech.UNKNOWN ? askTls() : first;
    }

    /** Which API versions there are: every broker answers that, before any login. */
    private Speech askPlain() {
        try (Socket socket = connect()) {
            DataInputStream in = ask(socket, API_VERSIONS, (short) 0, new byte[0]);
            int first = in.readInt();
            if (isTls(first)) {
                return Speech.TLS;
            }
            return first > 0 && first < LARGEST_ANSWER && in.readInt() == NUMBER_OF_QUESTION
                    ? Speech.PLAIN
                    : Speech.UNKNOWN;
        } catch (ConnectException e) {
            LOG.debug("Nobody is at {}:{}", host, port, e);
            return Speech.NOTHING;
        } catch (IOException e) {
            LOG.debug("{}:{} does not speak Kafka's protocol in plain", host, port, e);
            return Speech.UNKNOWN;
        }
    }

    /** The first message of a TLS handshake; whatever the server makes of it, it answers in TLS. */
    private Speech askTls() {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(clientHello());
            return isTls(new DataInputStream(socket.getInputStream()).readInt()) ? Speech.TLS : Speech.UNKNOWN;
        } catch (IOException | NoSuchAlgorithmException e) {
            LOG.debug("{}:{} does not speak TLS", host, port, e);
            return Speech.UNKNOWN;
        }
    }

    /**
     * The ways of logging in that a plain listener has.
     *
     * @return empty if it wants no login, or does not answer
     */
    List<String> saslMechanisms() {
        byte[] none = {0, 0}; // a mechanism with an empty name: the broker refuses it, and says which there are
        try (Socket socket = connect()) {
            DataInputStream in = ask(socket, SASL_HANDSHAKE, (short) 1, none);
            int size = in.readInt();
            List<String> mechanisms = new ArrayList<>();
            if (size > 0
                    && size < LARGEST_ANSWER
                    && in.readInt() == NUMBER_OF_QUESTION
                    && in.readShort() == UNSUPPORTED_SASL_MECHANISM) {
                for (int left = in.readInt(); left > 0; left--) {
                    mechanisms.add(new String(in.readNBytes(in.readShort()), StandardCharsets.UTF_8));
                }
            }
            return mechanisms;
        } catch (IOException e) {
            LOG.debug("{}:{} says nothing of logins", host, port, e);
            return List.of();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            int millis = Math.toIntExact(patience.toMillis());
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(host, port), millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw (ConnectException) new ConnectException(e.getMessage()).initCause(e);
        }
    }

    private static DataInputStream ask(Socket socket, short question, short version, byte[] body) throws IOException {
        byte[] client = CLIENT.getBytes(StandardCharsets.UTF_8);
        ByteBuffer request = ByteBuffer.allocate(64);
        request.putInt(0).putShort(question).putShort(version).putInt(NUMBER_OF_QUESTION);
        request.putShort((short) client.length).put(client).put(body);
        request.putInt(0, request.position() - Integer.BYTES);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(request.array(), 0, request.position());
        out.flush();
        return new DataInputStream(socket.getInputStream());
    }

    private byte[] clientHello() throws IOException, NoSuchAlgorithmException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        byte[] bytes = new byte[hello.position()];
        hello.flip().get(bytes);
        return bytes;
    }

    private static boolean isTls(int firstBytes) {
        int type = firstBytes >>> 24;
        return (type == TLS_ALERT || type == TLS_HANDSHAKE) && (firstBytes >>> 16 & 0xff) == TLS_MAJOR_VERSION;
    }
}
