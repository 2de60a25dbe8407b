package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/** How a file is compressed, told by its name. */
enum Compression {
    NONE(List.of()),
    GZIP(List.of(".gz", ".gzip")),
    ZSTD(List.of(".zst", ".zstd"));

    private final List<String> suffixes;

    Compression(List<String> suffixes) {
        this.suffixes = suffixes;
    }

    static Compression of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (Compression compression : values()) {
            if (compression.suffixes.stream().anyMatch(name::endsWith)) {
                return compression;
            }
        }
        return NONE;
    }

    /** The name of what is inside: without the suffix. */
    String nameInside(String fileName) {
        return this == NONE ? fileName : fileName.substring(0, fileName.lastIndexOf('.'));
    }

    /** @throws IOException if the stream does not begin as it should */
    InputStream open(SourceInput compressed, DocumentSettings settings) throws IOException {
        return switch (this) {
            case NONE -> compressed;
            case GZIP -> new GzipInput(compressed);
            case ZSTD -> ZstdInput.open(compressed, settings.zstdWindowLog());
        };
    }
}
