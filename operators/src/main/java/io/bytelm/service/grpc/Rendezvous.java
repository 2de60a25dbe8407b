package io.bytelm.service.grpc;

/**
 * Which endpoint a session goes to: the one of those that are there with the highest weight for it, so that a session stays
 * where its states are, and when an endpoint goes its sessions spread over the others while no other session moves. Thaler
 * and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998.
 */
final class Rendezvous {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double UNITS_OF_53_BITS = 0x1.0p-53;

    private Rendezvous() {}

    /** The weight of an endpoint for a session, spread evenly over all longs; to be compared unsigned. */
    static long weight(long session, ServiceAddress endpoint) {
        return mix(mix(session) ^ mix(addressHash(endpoint)));
    }

    /** At which part of its way back, in [0, 1), an endpoint that was gone gets a session again. */
    static double turn(long session, ServiceAddress endpoint) {
        return (mix(weight(session, endpoint) + GOLDEN) >>> 11) * UNITS_OF_53_BITS;
    }

    /** The same in every JVM. */
    private static long addressHash(ServiceAddress endpoint) {
        return endpoint.host().hashCode() * 31L + endpoint.port();
    }

    /** The finalizer of SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. */
    private static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
