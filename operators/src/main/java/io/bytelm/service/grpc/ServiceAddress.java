package io.bytelm.service.grpc;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a service listens.
 *
 * @param host a name or an IP address; of IPv6 without brackets
 * @param port 0 to 65,535
 */
public record ServiceAddress(String host, int port) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException if the port is out of its range, or the host has no character */
    public ServiceAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("an address needs a host, as in 127.0.0.1:" + port);
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535, got " + port);
        }
    }

    /**
     * Reads {@code HOST:PORT}; IPv6 addresses stand in brackets.
     *
     * @throws IllegalArgumentException if it is none; the message shows it
     */
    public static ServiceAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || (host.contains(":") && !isBracketed)) {
            throw new IllegalArgumentException("not an address: '" + text
                    + "'; it is HOST:PORT, as in 127.0.0.1:9095, with" + " an IPv6 address in brackets");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new ServiceAddress(isBracketed ? host.substring(1, host.length() - 1) : host, port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "not an address: '" + text
                            + "'; it is HOST:PORT, as in 127.0.0.1:9095, with a port from 1 to 65535",
                    e);
        }
    }

    /**
     * Reads addresses that commas stand between.
     *
     * @throws IllegalArgumentException if one is none, or stands there twice; the message shows it
     */
    public static List<ServiceAddress> parseAll(String text) {
        List<ServiceAddress> addresses = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            ServiceAddress address = parse(one.strip());
            if (addresses.contains(address)) {
                throw new IllegalArgumentException("the address " + address + " stands there twice");
            }
            addresses.add(address);
        }
        return List.copyOf(addresses);
    }

    /** Whether it is this machine by an address that no other can be reached by. A name that is not known is not. */
    public boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
