package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.grpc.proto.Context;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownContextsTest {
    private static final int VOCABULARY = 50;
    private static final int HANDLES = 30;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void itHoldsTheTokensThatItsContextsReachEachOnceAndNoMoreThanItMay(long seed) throws Exception {
        Random random = new Random(seed);
        int maxTokens = 20;
        int maxHeld = 100 + random.nextInt(200);
        KnownContexts contexts = new KnownContexts(VOCABULARY, 8 + random.nextInt(HANDLES), maxTokens, maxHeld);
        for (int i = 0; i < 2000; i++) {
            contexts.read(randomMessage(random, maxTokens));

            assertThat(contexts.heldTokens()).as("seed %d, message %d", seed, i).isLessThanOrEqualTo(maxHeld);
            if (i % 50 == 0) {
                assertThat(contexts.heldTokens())
                        .as("seed %d, message %d", seed, i)
                        .isEqualTo(reachableTokens(contexts));
            }
        }
    }

    private static Context randomMessage(Random random, int maxTokens) {
        Context.Builder message = Context.newBuilder().setHandle(random.nextInt(HANDLES));
        int tokens = random.nextInt(4) == 0 ? random.nextInt(maxTokens) : random.nextInt(3);
        if (random.nextInt(6) == 0) {
            message.setOlderTokens(random.nextInt(9));
            tokens++;
        } else {
            message.setParent(1 + random.nextInt(HANDLES - 1));
        }
        for (int i = 0; i < tokens; i++) {
            message.addTokens(random.nextInt(VOCABULARY));
        }
        return message.build();
    }

    private static int reachableTokens(KnownContexts contexts) throws MalformedMessageException {
        Set<TokenContext> reached = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int handle = 1; handle < HANDLES; handle++) {
            TokenContext at =
                    contexts.read(Context.newBuilder().setParent(handle).build());
            for (; at != null && reached.add(at); at = at.parent()) {}
        }
        return reached.size();
    }

    @Test
    void whatHasTheFewestUsesGoesFirstAndTheNewestStays() throws Exception {
        KnownContexts contexts = new KnownContexts(VOCABULARY, 100, 8, 10);
        contexts.read(full(1, 6));
        contexts.read(full(2, 4));
        assertThat(contexts.read(child(1))).isNotNull();

        contexts.read(full(3, 3));
        assertThat(contexts.read(child(2))).as("used least recently").isNull();
        assertThat(contexts.read(child(1))).isNotNull();

        contexts.read(full(4, 8));
        assertThat(contexts.read(child(4))).isNotNull();
        assertThat(contexts.heldTokens()).isEqualTo(8);
    }

    /** From a client that does not know how many count. */
    @Test
    void ofALongContextTheNewestTokensAreKeptAndTheOthersCounted() throws Exception {
        KnownContexts contexts = new KnownContexts(VOCABULARY, 100, 8, 1000);
        TokenContext whole = TokenContext.startingWith(0);
        for (int i = 1; i < 40; i++) {
            whole = whole.plus(i);
        }

        TokenContext kept = Objects.requireNonNull(contexts.read(full(1, 40)));
        assertThat(kept).isEqualTo(whole);
        assertThat(kept.length()).isEqualTo(40);
        assertThat(kept.heldTokens()).isEqualTo(8);
        assertThat(contexts.heldTokens()).isEqualTo(8);
    }

    private static Context full(long handle, int tokens) {
        Context.Builder message = Context.newBuilder().setHandle(handle);
        for (int i = 0; i < tokens; i++) {
            message.addTokens(i);
        }
        return message.build();
    }

    private static Context child(long parent) {
        return Context.newBuilder().setParent(parent).build();
    }
}
