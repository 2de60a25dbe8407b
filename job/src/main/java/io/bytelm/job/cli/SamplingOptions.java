package io.bytelm.job.cli;

import io.bytelm.decode.Sampler;
import io.bytelm.decode.StopStrings;
import io.bytelm.job.UserException;
import io.bytelm.record.DecodeRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How bytes are drawn, and how many. */
final class SamplingOptions {
    @Option(
            names = "--temperature",
            paramLabel = "T",
            order = 20,
            defaultValue = "1",
            description = "1 draws as the model does, 0 takes the most probable byte. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            order = 21,
            defaultValue = "0",
            description = "Draw only from the N most probable bytes; 0 is all.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            order = 22,
            defaultValue = "1",
            description = "Draw only from the most probable bytes that together have this share. Default: all.")
    private double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            order = 23,
            defaultValue = "0",
            description = "Draw only bytes with at least this share of the most probable one. Default: all.")
    private double minP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            order = 24,
            defaultValue = "0",
            description = "Another seed gives another output. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            order = 25,
            description = "End the output after this text; may be given several times.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--max-bytes",
            paramLabel = "N",
            order = 26,
            defaultValue = "256",
            description = "The byte budget; the output is complete within it. Default: ${DEFAULT-VALUE}.")
    private int maxBytes;

    @Option(
            names = "--particles",
            paramLabel = "N",
            order = 27,
            defaultValue = "1",
            description = "Draw so many outputs side by side, resample them by weight, and estimate how probable the"
                    + " constraint is. Default: ${DEFAULT-VALUE}.")
    private int particles;

    /** @throws UserException if a number is out of its range */
    Sampler sampler() {
        try {
            return new Sampler(temperature, topK, topP, minP, seed);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws UserException if one is empty */
    StopStrings stopStrings() {
        if (stop.contains("")) {
            throw new UserException("--stop: a stop text has at least one byte");
        }
        return new StopStrings(
                stop.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList());
    }

    /** @throws UserException if it is out of its range */
    int maxBytes() {
        return checked("--max-bytes", maxBytes, DecodeRequest.MOST_BYTES);
    }

    /** @throws UserException if it is out of its range */
    int particles() {
        return checked("--particles", particles, DecodeRequest.MOST_PARTICLES);
    }

    private static int checked(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new UserException(option + " must be from 1 to " + most + ", got " + value);
        }
        return value;
    }
}
