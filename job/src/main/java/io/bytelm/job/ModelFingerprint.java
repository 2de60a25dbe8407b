package io.bytelm.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells one model from another by its files: names and lengths, configuration and tokenizer as a whole, of the weights
 * the header and samples from all over them. Another training step changes them all, so the samples differ; reading
 * hundreds of gigabytes to be told nothing more would take minutes.
 */
public final class ModelFingerprint {
    private static final int SAMPLE_BYTES = 1 << 16;
    private static final int SAMPLES = 256;

    private ModelFingerprint() {}

    /** @throws UserException if the directory cannot be read */
    public static String of(Path model) {
        Fingerprint fingerprint = new Fingerprint();
        try (Stream<Path> found = Files.list(model)) {
            List<Path> files = found.filter(ModelFingerprint::counts).sorted().toList();
            for (Path file : files) {
                fingerprint.add(String.valueOf(file.getFileName()));
                add(file, fingerprint);
            }
        } catch (IOException e) {
            throw new UserException("there is no such model directory, or it cannot be read: " + model, e);
        }
        return fingerprint.hex();
    }

    private static boolean counts(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.equals("config.json")
                || name.equals("adapter_config.json")
                || name.startsWith("tokenizer")
                || name.endsWith(".safetensors");
    }

    private static void add(Path file, Fingerprint fingerprint) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long length = channel.size();
            fingerprint.add(Long.toString(length));
            long step = Math.max(SAMPLE_BYTES, length / SAMPLES);
            for (long at = 0; at < length; at += step) {
                fingerprint.add(sample(channel, at));
            }
        }
    }

    private static byte[] sample(FileChannel channel, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(SAMPLE_BYTES, channel.size() - at));
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {}
        return buffer.array();
    }
}
