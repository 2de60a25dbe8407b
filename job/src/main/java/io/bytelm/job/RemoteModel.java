package io.bytelm.job;

import io.bytelm.job.check.MemoryNeed;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.SharedService;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.RemoteSettings;
import io.bytelm.service.grpc.RemoteTrieLmService;
import io.bytelm.service.grpc.ServiceAddress;
import io.bytelm.vocab.CanonicalRules;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A model that other processes serve.
 *
 * @param remote where they are
 */
public record RemoteModel(RemoteSettings remote) implements JobModel {
    private static final long serialVersionUID = 1;

    @Override
    public String name() {
        return "the model at " + place();
    }

    @Override
    public String place() {
        return remote.endpoints().stream().map(ServiceAddress::toString).collect(Collectors.joining(","));
    }

    @Override
    public String remedyOnCluster() {
        return "; the services must be reachable, and their files of certificates and token readable at the same paths, from"
                + " every TaskManager's machine (--service)";
    }

    @Override
    public KnownModel look() {
        try (TrieLmService opened = open()) {
            return new KnownModel(opened.vocabulary(), opened.identity().items());
        } catch (ServiceRefusedException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public CanonicalRules canonicalRules() {
        try (TrieLmService opened = open()) {
            return opened.canonicalRules();
        } catch (ServiceRefusedException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Map<String, String> ofResults() {
        return Map.of("service", new TreeMap<>(look().identity()).toString());
    }

    @Override
    public TrieLmService join(Duration linger) {
        return SharedService.join(remote, linger, this::connect);
    }

    private TrieLmService connect() {
        try {
            return RemoteTrieLmService.open(remote, "bytelm");
        } catch (IllegalArgumentException e) {
            throw new UserException("--service: " + e.getMessage(), e);
        }
    }

    @Override
    public MemoryNeed memoryNeed(long heldBytesEach) {
        return MemoryNeed.withoutModel(heldBytesEach);
    }
}
