package io.bytelm.job.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.batch.Terms;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.ClientSecurity;
import io.bytelm.service.grpc.FaultyProxy;
import io.bytelm.service.grpc.OlderServer;
import io.bytelm.service.grpc.RemoteSettings;
import io.bytelm.service.grpc.RemoteTrieLmService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Faults of the services that a job asks, and of the way there. Whatever happens to one of two, the job goes on. */
final class ServiceFaults {
    /** What clients of a service log when it is frozen. */
    private static final Pattern MISSED =
            Pattern.compile("gives no sign of life|does not answer: it may be stopped|Keepalive failed");

    private static final int OF_THIS_PROTOCOL = 1;
    private static final int DELAY_MILLIS = 20;
    private static final double BAD_PIECES = 0.02;
    private static final int FLOOD = 8 * ServiceProcesses.MAX_WAITING;

    private final TestCluster cluster;
    private final Random random;
    private final AwaitProgress awaitProgress;

    /** Waits until all jobs have gone on, and asserts that none was restored. */
    interface AwaitProgress {
        void run() throws Exception;
    }

    /** @param random chooses the victims */
    ServiceFaults(TestCluster cluster, Random random, AwaitProgress awaitProgress) {
        this.cluster = cluster;
        this.random = random;
        this.awaitProgress = awaitProgress;
    }

    /** SIGKILL: its sessions go on at the other service; then it starts again. */
    int kill() throws Exception {
        int victim = victim();
        services().process(victim).kill();
        awaitProgress.run();
        services().startAgain(victim);
        return 0;
    }

    /** It keeps its connections and says nothing; then it wakes up. */
    int freeze() throws Exception {
        ClusterProcess victim = services().process(victim());
        long missedBefore = timesMissed();
        victim.freeze();
        try {
            cluster.await("the service is missed", () -> timesMissed() > missedBefore);
            awaitProgress.run();
        } finally {
            victim.thaw();
        }
        return 0;
    }

    private long timesMissed() throws IOException {
        long times = 0;
        try (Stream<Path> logs = Files.list(cluster.logs())) {
            for (Path log : logs.toList()) {
                times += MISSED.matcher(Files.readString(log, ISO_8859_1))
                        .results()
                        .count();
            }
        }
        return times;
    }

    /** SIGTERM: it sends its clients elsewhere, answers what it was asked and ends; then it starts again. */
    int end() throws Exception {
        int victim = victim();
        services().end(victim);
        awaitProgress.run();
        services().startAgain(victim);
        return 0;
    }

    /** Another that knows less of the protocol takes its place for a while. */
    int replaceByOlder() throws Exception {
        int victim = victim();
        services().end(victim);
        try (TrieLmService model = HashModelJob.BUNDLED_MODEL.open();
                OlderServer older = new OlderServer(model, services().port(victim), OF_THIS_PROTOCOL)) {
            cluster.await("the job asks the older service", () -> older.calls() > 0);
            awaitProgress.run();
        }
        services().startAgain(victim);
        return 0;
    }

    /** The way to both is slow, and messages on the way to one are changed and connections cut. */
    int breakNetwork() throws Exception {
        FaultyProxy worst = services().network(victim());
        int cutsBefore = worst.cuts();
        int changesBefore = worst.changes();
        try {
            for (int number = 0; number < services().count(); number++) {
                services().network(number).delay(DELAY_MILLIS);
            }
            worst.cut(BAD_PIECES);
            worst.change(BAD_PIECES);
            cluster.await(
                    "connections are cut and messages changed",
                    () -> worst.cuts() > cutsBefore && worst.changes() > changesBefore);
            awaitProgress.run();
        } finally {
            for (int number = 0; number < services().count(); number++) {
                services().network(number).heal();
            }
        }
        return 0;
    }

    /** Another client asks for more than may wait: it is told to come again, and the job's share is served meanwhile. */
    int fillQueue() throws Exception {
        RemoteSettings settings = new RemoteSettings(List.of(services().address(victim())), ClientSecurity.NONE);
        try (RemoteTrieLmService flood = RemoteTrieLmService.open(settings, "flood")) {
            for (int i = 0; i < FLOOD; i++) {
                askForNew(flood, i);
            }
            cluster.await(
                    "the service tells a client to come again",
                    () -> flood.connections().calls() > FLOOD);
            awaitProgress.run();
            assertThat(flood.connections().moved()).as("the service stayed").isZero();
        }
        return 0;
    }

    private void askForNew(RemoteTrieLmService flood, int number) {
        int vocabulary = flood.vocabulary().size();
        TokenContext context = TokenContext.startingWith(flood.vocabulary().bosToken())
                .plus(random.nextInt(vocabulary))
                .plus(random.nextInt(vocabulary));
        CompletableFuture<?> unused = flood.expand(
                new ExpandRequest(context, new byte[0], new int[0], 0), new Terms(0, number, Long.MAX_VALUE));
    }

    private int victim() {
        return random.nextInt(services().count());
    }

    private ServiceProcesses services() {
        return cluster.services();
    }
}
