package io.bytelm.record.hostile;

import java.util.Random;

/** Numbers as JSON text: small ones, ends of ranges, and such as no type of a programming language holds. */
final class HostileNumbers {
    private static final String[] EXTREMES = {
        "0",
        "-0",
        "-0.0",
        "-1",
        "1e-320",
        "4.9e-324",
        "1e-999999999",
        "1e308",
        "1.7976931348623157e308",
        "1e309",
        "-1e309",
        "1e400",
        "1e3000000",
        "1e999999999",
        "1e2147483647",
        "1e2147483648",
        "1e-2147483648",
        "1e99999999999999999999",
        "0e999999999",
        "0.1e-2147483647",
        "0." + "0".repeat(400) + "1",
        "1" + "0".repeat(900),
        "9".repeat(1000) + ".5",
        "2147483647",
        "2147483648",
        "-2147483649",
        "4294967296",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "0.30000000000000004",
        "1.0",
        "1.5",
        "1e0",
        "10e-1",
        "65536",
        "65537",
        "1000",
        "1001",
        "258",
        "259"
    };

    private final Random random;

    HostileNumbers(Random random) {
        this.random = random;
    }

    /** Any of them. */
    String any() {
        return random.nextInt(3) == 0 ? small() : EXTREMES[random.nextInt(EXTREMES.length)];
    }

    /** Such as a well-meant record would have. */
    String small() {
        return random.nextInt(4) == 0 ? "0." + random.nextInt(100) : Integer.toString(random.nextInt(12));
    }

    /** Mostly small. */
    String mostlySmall() {
        return random.nextInt(5) == 0 ? any() : small();
    }
}
