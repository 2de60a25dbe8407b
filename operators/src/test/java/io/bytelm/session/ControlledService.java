package io.bytelm.session;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A service whose every answer waits until the test gives it. What it answers is a pure function of the request. */
final class ControlledService implements TrieLmService {
    static final Vocabulary VOCABULARY =
            new Vocabulary(List.of(new byte[0]), List.of(TokenKind.SPECIAL), 0, new byte[0]);

    /** A request that came, and its answer. */
    record Call(ExpandRequest request, CompletableFuture<Expansion> answer) {
        String path() {
            return new String(request.path(), StandardCharsets.UTF_8);
        }

        void complete() {
            answer.complete(answerTo(request));
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private final StateRoom room;
    private boolean closed;

    ControlledService() {
        this(Long.MAX_VALUE);
    }

    /** @param roomTokens a session of {@link AppendingLogic} needs a token, and one for each three bytes of its record */
    ControlledService(long roomTokens) {
        this.room = new StateRoom(roomTokens);
    }

    /** The log mass (nats) that stands for the request in a test. */
    static double logMassOf(byte[] path) {
        int hash = 7;
        for (byte b : path) {
            hash = 31 * hash + b;
        }
        return -1 - Math.floorMod(hash, 1000) / 1000.0;
    }

    static Expansion answerTo(ExpandRequest request) {
        return answerOf(logMassOf(request.path()));
    }

    static Expansion answerOf(double logMass) {
        return new Expansion(
                new double[] {logMass}, new int[1][0], new double[1][0], Double.NEGATIVE_INFINITY, new double[1][]);
    }

    @Override
    public Vocabulary vocabulary() {
        return VOCABULARY;
    }

    @Override
    public CompletableFuture<Expansion> expand(ExpandRequest request) {
        Call call = new Call(request, new CompletableFuture<>());
        calls.add(call);
        return call.answer();
    }

    @Override
    public StateRoom room() {
        return room;
    }

    /** Every request that ever came, oldest first. */
    List<Call> calls() {
        return Collections.unmodifiableList(calls);
    }

    /** Every request that ever came with this path, oldest first. */
    List<Call> calls(String path) {
        return calls.stream().filter(call -> call.path().equals(path)).toList();
    }

    /** The requests that wait for an answer, oldest first. */
    List<Call> waiting() {
        return calls.stream().filter(call -> !call.answer().isDone()).toList();
    }

    List<String> waitingPaths() {
        return waiting().stream().map(Call::path).toList();
    }

    /** Answers the newest request with this path. */
    void answer(String path) {
        newest(path).complete();
    }

    void fail(String path, Throwable failure) {
        newest(path).answer().completeExceptionally(failure);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        waiting().forEach(call -> call.answer().completeExceptionally(new ServiceClosedException("closed")));
    }

    private Call newest(String path) {
        List<Call> found = calls(path);
        if (found.isEmpty()) {
            throw new AssertionError("no request with path " + path + ", but " + waitingPaths());
        }
        return found.get(found.size() - 1);
    }
}
