package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Hypothesis;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.Emission;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.SettledTokens;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.session.SessionStore.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of any length come back from the store as they went in, and little of them is written again. */
class SessionStoreTest {
    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    /** The store of a session operator, and a second look at the states behind it. */
    private static final class OpenStore implements AutoCloseable {
        private final SessionOperatorHarness<SessionState> operator;
        private final SessionStore<SessionState> store;

        OpenStore(StateBackend backend, @Nullable OperatorSubtaskState restored) throws Exception {
            this(backend, restored, Long.MAX_VALUE);
        }

        OpenStore(StateBackend backend, @Nullable OperatorSubtaskState restored, long contextTokens) throws Exception {
            ScoringLogic logic =
                    new ScoringLogic(SessionDefaults.STANDARD, ControlledService.VOCABULARY, Long.MAX_VALUE);
            operator = new SessionOperatorHarness<>(
                    new Subtask(0, 1, restored, backend),
                    new ControlledService(),
                    logic,
                    ImmutableTypeInfo.SESSION_STATE,
                    SessionSettings.DEFAULT);
            store = new SessionStore<>(
                    operator.flink.getOperator().getKeyedStateStore(),
                    ImmutableTypeInfo.SESSION_STATE,
                    logic,
                    contextTokens);
        }

        @Nullable
        SessionState get(String session) throws Exception {
            operator.flink.getOperator().setCurrentKey(session);
            return store.get().state();
        }

        /** Reads the session and writes what it becomes. */
        void go(String session, Change change) throws Exception {
            operator.flink.getOperator().setCurrentKey(session);
            Stored<SessionState> before = store.get();
            store.set(before, change.apply(before.state()));
        }

        List<int[]> runs(String session) throws Exception {
            operator.flink.getOperator().setCurrentKey(session);
            var settled = operator.flink
                    .getOperator()
                    .getKeyedStateStore()
                    .getListState(new ListStateDescriptor<>("settled", ImmutableTypeInfo.SETTLED_TOKENS));
            return StreamSupport.stream(settled.get().spliterator(), false)
                    .map(SettledTokens::tokens)
                    .toList();
        }

        /** The context of the value that is written with every record. */
        int movingTokens(String session) throws Exception {
            operator.flink.getOperator().setCurrentKey(session);
            var moving = operator.flink
                    .getOperator()
                    .getKeyedStateStore()
                    .getState(new ValueStateDescriptor<>("session", ImmutableTypeInfo.SESSION_STATE));
            return Objects.requireNonNull(moving.value()).contexts().stream()
                    .mapToInt(TokenContext::length)
                    .max()
                    .orElse(0);
        }

        @Override
        public void close() throws Exception {
            operator.close();
        }
    }

    private interface Change {
        SessionState apply(@Nullable SessionState before);
    }

    private static Open stateOn(List<TokenContext> contexts) {
        List<Hypothesis> hypotheses = contexts.stream()
                .map(context -> new Hypothesis(context, new byte[] {'x'}, -1, false, EosMode.WITH_EOS, null))
                .toList();
        Beam beam = new Beam(hypotheses, BeamParams.of(5, 0.001), EosMode.WITH_EOS);
        return new Open(new Reading.All(beam), new Emission(Emission.When.CHUNK, 5), 0, Totals.NONE);
    }

    /** Each context grows, forks or is dropped, as in a beam. */
    private static SessionState grown(@Nullable SessionState before, Random random) {
        List<TokenContext> old = before == null ? List.of() : before.contexts();
        if (old.isEmpty() || random.nextInt(40) == 0) {
            return random.nextInt(4) == 0 ? new Ended() : stateOn(List.of(TokenContext.startingWith(0)));
        }
        List<TokenContext> contexts = new ArrayList<>();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            TokenContext context = old.get(random.nextInt(random.nextInt(3) == 0 ? old.size() : 1));
            for (int more = random.nextInt(random.nextInt(20) == 0 ? 200 : 8); more > 0; more--) {
                context = context.plus(random.nextInt(50_000));
            }
            contexts.add(context);
        }
        return stateOn(contexts);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void everySessionComesBackAsItWentInAlsoAfterARestore(StateBackend backend) throws Exception {
        Random random = new Random(5);
        Map<String, SessionState> expected = new HashMap<>();
        OperatorSubtaskState snapshot = null;
        int longest = 0;
        for (int restores = 0; restores < 8; restores++) {
            try (OpenStore open = new OpenStore(backend, snapshot)) {
                for (int records = 0; records < 150; records++) {
                    String session = "s" + random.nextInt(3);
                    open.go(session, before -> {
                        assertThat(before).isEqualTo(expected.get(session));
                        SessionState next = grown(before, random);
                        expected.put(session, next);
                        return next;
                    });
                    longest = Math.max(longest, open.runs(session).size());
                }
                snapshot = open.operator.flink.snapshot(restores, restores);
            }
        }
        assertThat(longest).as("runs of the longest session").isGreaterThan(4);
    }

    /** The sessions equal the whole ones, and hold of each context at least what the model reads. */
    @ParameterizedTest
    @MethodSource("backends")
    void aSessionOfWhichOnlyTheModelsContextIsKeptComesBackThatFar(StateBackend backend) throws Exception {
        for (int contextTokens : new int[] {1, 16, 100, 400}) {
            Random random = new Random(contextTokens);
            Map<String, SessionState> whole = new HashMap<>();
            OperatorSubtaskState snapshot = null;
            int letGo = 0;
            for (int restores = 0; restores < 4; restores++) {
                try (OpenStore open = new OpenStore(backend, snapshot, contextTokens)) {
                    for (int records = 0; records < 150; records++) {
                        String session = "s" + random.nextInt(3);
                        long seed = random.nextLong();
                        open.go(session, before -> {
                            SessionState expected = whole.get(session);
                            assertThat(before).as("window %d", contextTokens).isEqualTo(expected);
                            assertHeld(before, expected, contextTokens);
                            whole.put(session, grown(expected, new Random(seed)));
                            return grown(before, new Random(seed));
                        });
                        letGo += oldestHeld(open.get(session)) > 0 ? 1 : 0;
                        int settled = open.runs(session).stream()
                                .mapToInt(run -> run.length)
                                .sum();
                        assertThat(settled).isLessThan(8 * (contextTokens + contextTokens / 4 + 400));
                    }
                    snapshot = open.operator.flink.snapshot(restores, restores);
                }
            }
            assertThat(letGo)
                    .as("times that something was let go, window %d", contextTokens)
                    .isGreaterThan(50);
        }
    }

    private static int oldestHeld(@Nullable SessionState state) {
        return state == null
                ? 0
                : state.contexts().stream()
                        .mapToInt(TokenContext::olderTokens)
                        .max()
                        .orElse(0);
    }

    private static void assertHeld(@Nullable SessionState held, @Nullable SessionState whole, int contextTokens) {
        if (held == null || whole == null) {
            return;
        }
        for (int i = 0; i < whole.contexts().size(); i++) {
            assertThat(held.contexts().get(i).lastTokens(contextTokens))
                    .isEqualTo(whole.contexts().get(i).lastTokens(contextTokens));
        }
    }

    /** Equally probable tokenizations, one of them with twice the tokens, are kept apart, each as far as it is read. */
    @ParameterizedTest
    @MethodSource("backends")
    void contextsThatStayApartForEverKeepEachItsOwnNewestTokens(StateBackend backend) throws Exception {
        int contextTokens = 200;
        try (OpenStore open = new OpenStore(backend, null, contextTokens)) {
            TokenContext root = TokenContext.startingWith(0);
            List<TokenContext> whole = new ArrayList<>(List.of(root.plus(1), root.plus(2)));
            open.go("a", before -> stateOn(whole));
            for (int records = 0; records < 3000; records++) {
                int token = records;
                whole.set(0, whole.get(0).plus(token));
                whole.set(1, whole.get(1).plus(token).plus(token));
                open.go("a", before -> {
                    List<TokenContext> old = Objects.requireNonNull(before).contexts();
                    return stateOn(List.of(
                            old.get(0).plus(token), old.get(1).plus(token).plus(token)));
                });
                assertHeld(open.get("a"), stateOn(whole), contextTokens);
            }
            int settled = open.runs("a").stream().mapToInt(run -> run.length).sum();
            assertThat(settled).isBetween(2 * (contextTokens - SettledTree.MOST_LOOSE), 3 * contextTokens);
            assertThat(open.get("a")).isEqualTo(stateOn(whole));
        }
    }

    /** As a savepoint of an older format has it: everything is there, and most of it can go. */
    @ParameterizedTest
    @MethodSource("backends")
    void theFirstRecordOfALongSessionThatWasKeptWholeLetsGo(StateBackend backend) throws Exception {
        OperatorSubtaskState snapshot;
        TokenContext context =
                TokenContext.of(new Random(1).ints(50_000, 0, 50_000).toArray());
        try (OpenStore open = new OpenStore(backend, null)) {
            open.go("a", before -> stateOn(List.of(context)));
            snapshot = open.operator.flink.snapshot(1, 1);
        }
        try (OpenStore open = new OpenStore(backend, snapshot, 500)) {
            open.go(
                    "a",
                    before -> stateOn(List.of(
                            Objects.requireNonNull(before).contexts().get(0).plus(7))));
            assertThat(open.runs("a").stream().mapToInt(run -> run.length).sum())
                    .isLessThanOrEqualTo(500);
            assertThat(open.get("a")).isEqualTo(stateOn(List.of(context.plus(7))));
            assertHeld(open.get("a"), stateOn(List.of(context.plus(7))), 500);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatHasSettledIsNotWrittenAgainHoweverLongTheSessionIs(StateBackend backend) throws Exception {
        try (OpenStore open = new OpenStore(backend, null)) {
            open.go("a", before -> stateOn(List.of(TokenContext.startingWith(0))));
            int tokens = 1;
            for (int records = 0; records < 3000; records++) {
                open.go("a", before -> {
                    TokenContext context =
                            Objects.requireNonNull(before).contexts().get(0).parent();
                    TokenContext stem = context == null ? TokenContext.startingWith(0) : context;
                    TokenContext longer = stem.plus(7).plus(8);
                    return stateOn(List.of(longer.plus(9), longer.plus(10)));
                });
                tokens += records == 0 ? 3 : 2;
                assertThat(open.movingTokens("a")).isLessThan(1 + SettledTree.TOKENS_PER_RUN + 4);
            }
            SessionState state = Objects.requireNonNull(open.get("a"));
            assertThat(state.contexts()).allMatch(context -> context.length() > 6000);
            List<int[]> runs = open.runs("a");
            int settled = runs.stream().mapToInt(run -> run.length).sum();
            assertThat(settled + open.movingTokens("a") - 1).isEqualTo(tokens);
            assertThat(runs).allMatch(run -> run.length >= 32 && run.length < 32 + 4);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void contextsThatStayApartForEverSettleEachOnItsOwn(StateBackend backend) throws Exception {
        try (OpenStore open = new OpenStore(backend, null)) {
            TokenContext root = TokenContext.startingWith(0);
            open.go(
                    "a",
                    before -> stateOn(
                            List.of(root.plus(1), root.plus(2), root.plus(2).plus(3))));
            for (int records = 0; records < 2000; records++) {
                int token = records;
                open.go(
                        "a",
                        before -> stateOn(Objects.requireNonNull(before).contexts().stream()
                                .map(context -> context.plus(token))
                                .toList()));
                assertThat(open.movingTokens("a")).isLessThanOrEqualTo(1 + SettledTree.MOST_LOOSE);
            }
            List<TokenContext> contexts = Objects.requireNonNull(open.get("a")).contexts();
            assertThat(contexts).extracting(TokenContext::length).containsExactly(2002, 2002, 2003);
            int settled = open.runs("a").stream().mapToInt(run -> run.length).sum();
            assertThat(settled).isBetween(3 * 1900, 3 * 2003);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aSessionThatEndsOrBeginsAnewLeavesNothingBehind(StateBackend backend) throws Exception {
        try (OpenStore open = new OpenStore(backend, null)) {
            TokenContext longContext = TokenContext.of(new int[100]);
            open.go("a", before -> stateOn(List.of(longContext)));
            assertThat(open.runs("a")).hasSize(1);
            open.go("a", before -> new Ended());
            assertThat(open.runs("a")).isEmpty();
            assertThat(open.get("a")).isEqualTo(new Ended());

            open.go("a", before -> stateOn(List.of(longContext)));
            open.go(
                    "a",
                    before -> stateOn(List.of(TokenContext.of(new int[120])))); // the same tokens, grown from nothing
            assertThat(open.runs("a")).extracting(run -> run.length).containsExactly(120);
            assertThat(open.get("a")).isEqualTo(stateOn(List.of(TokenContext.of(new int[120]))));

            open.store.clear();
            assertThat(open.get("a")).isNull();
            assertThat(open.runs("a")).isEmpty();
        }
    }
}
