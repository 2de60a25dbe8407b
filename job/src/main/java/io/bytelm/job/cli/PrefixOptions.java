package io.bytelm.job.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The bytes to begin with. */
final class PrefixOptions {
    @ArgGroup(order = 1)
    private @Nullable Typed typed;

    /** One of the three. */
    static final class Typed {
        @Parameters(index = "0", arity = "0..1", paramLabel = "TEXT", description = "The same as --prefix TEXT.")
        private @Nullable String argument;

        @Option(
                names = "--prefix",
                paramLabel = "TEXT",
                order = 1,
                description = "The bytes so far, as text (UTF-8). Default: none.")
        private @Nullable String text;

        @Option(names = "--prefix-hex", paramLabel = "HEX", order = 2, description = "The bytes so far, in hex.")
        private @Nullable String hex;
    }

    byte[] bytes() {
        return typed == null
                ? new byte[0]
                : Bytes.ofTextOrHex(typed.text == null ? typed.argument : typed.text, typed.hex, "--prefix-hex");
    }
}
