package io.bytelm.job.cluster;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A service that takes requests and never answers them while a file exists. */
final class HangingService implements TrieLmService {
    private final TrieLmService service;
    private final Path marker;

    HangingService(TrieLmService service, Path marker) {
        this.service = service;
        this.marker = marker;
    }

    /** Exists once a request was left without an answer. */
    static Path proof(Path marker) {
        return marker.resolveSibling(marker.getFileName() + ".happened");
    }

    @Override
    public Vocabulary vocabulary() {
        return service.vocabulary();
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        if (Files.exists(marker)) {
            leaveProof();
            return new CompletableFuture<>();
        }
        return service.expand(request);
    }

    private void leaveProof() {
        try {
            Files.write(proof(marker), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long contextTokens() {
        return service.contextTokens();
    }

    @Override
    public ModelIdentity identity() {
        return service.identity();
    }

    @Override
    public void close() {
        service.close();
    }
}
