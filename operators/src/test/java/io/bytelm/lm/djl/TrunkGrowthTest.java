package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.TokenContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrunkGrowthTest {
    private static final int SLOTS = 10_000;
    private static final int LEAST_TOKENS = 128;

    /** What lies in each slot. */
    private final Map<Long, TokenContext> states = new HashMap<>();

    private PrefixCache cache = new PrefixCache(SLOTS, SLOTS);
    private TrunkGrowth growth = new TrunkGrowth(cache, this::move, LEAST_TOKENS);
    private final AttentionPlanner planner = new AttentionPlanner(SLOTS, AttentionBucket.MAX_SLOTS);

    @Test
    void aLongTextIsReadAsFewPiecesWhateverItsSlotsWere() {
        TokenContext odd = TokenContext.of(1);
        TokenContext even = TokenContext.of(2);
        for (int i = 0; i < 1_500; i++) {
            odd = odd.plus(i);
            even = even.plus(i);
            reachAndGrow(odd, even);
        }
        List<long[]> pieces = pieces(attention(odd.plus(7), even.plus(7)));
        assertThat(pieces).hasSizeBetween(2, 6);
        assertThat(pieces.stream().mapToLong(piece -> piece[2]).sum()).isBetween(2L * 1_200, 2L * 1_500);
    }

    @Test
    void aTextThatWasReadAtOnceIsNotMoved() {
        growth = new TrunkGrowth(
                cache,
                (from, first) -> {
                    throw new AssertionError("moved");
                },
                LEAST_TOKENS);
        TokenContext text = TokenContext.of(1);
        for (int i = 0; i < 600; i++) {
            text = text.plus(i);
        }
        reachAndGrow(text);
        assertThat(growth.laidTokens()).isBetween(500L, 601L);
    }

    @Test
    void whatMayStillForkIsNotLaid() {
        TokenContext text = TokenContext.of(1);
        for (int i = 0; i < LEAST_TOKENS; i++) {
            text = text.plus(i);
            reachAndGrow(text);
            assertThat(growth.laidTokens()).isZero();
        }
    }

    @Test
    void withoutNeighboursTextsAreReadAsBefore() {
        begin(620, 620, 2 * LEAST_TOKENS);
        TokenContext one = TokenContext.of(1);
        TokenContext other = TokenContext.of(2);
        for (int i = 0; i < 300; i++) {
            one = one.plus(i);
            other = other.plus(i);
            reachAndGrow(one, other);
        }
        assertThat(growth.laidTokens()).isZero();
        assertAttendsToItsContext(attention(one.plus(1), other.plus(1)));
    }

    @Test
    void underRandomUseEachTokenKeepsItsStatesAndEachRowAttendsToItsContext() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        begin(4_000, 2_500, LEAST_TOKENS);
        List<TokenContext> texts = new ArrayList<>();
        for (int step = 0; step < 1_500; step++) {
            if (texts.size() < 3 || random.nextInt(150) == 0) {
                texts.add(TokenContext.of(step));
            }
            if (texts.size() > 6) {
                texts.remove(random.nextInt(texts.size()));
            }
            TokenContext from = texts.get(random.nextInt(texts.size()));
            TokenContext grown = random.nextInt(20) == 0 ? beginning(from, random.nextInt(from.length())) : from;
            for (int more = random.nextInt(random.nextInt(10) == 0 ? 200 : 4); more >= 0; more--) {
                grown = grown.plus(random.nextInt(1_000));
            }
            if (grown.length() < 1_000) {
                texts.set(texts.indexOf(from), grown);
            }
            assertKept(seed, reachAndGrow(grown, grown.plus(1)));
            if (step % 10 == 0) {
                assertAttendsToItsContext(attention(grown.plus(1), grown.plus(2), from.plus(3)));
            }
        }
        assertThat(growth.laidTokens()).as("seed %d", seed).isGreaterThan(2_000);
        assertThat(cache.evictedTokens()).as("seed %d", seed).isGreaterThan(1_000);
    }

    private void begin(int slots, int limit, int leastTokens) {
        cache = new PrefixCache(slots, limit);
        growth = new TrunkGrowth(cache, this::move, leastTokens);
    }

    private void move(long[] from, int first) {
        List<TokenContext> moved = new ArrayList<>();
        for (long slot : from) {
            moved.add(Objects.requireNonNull(states.get(slot)));
        }
        for (int i = 0; i < from.length; i++) {
            states.put((long) first + i, moved.get(i));
        }
    }

    private List<CachedToken> reachAndGrow(TokenContext... contexts) {
        List<CachedToken> reached = reach(new ArrayList<>(), contexts);
        growth.grow(reached);
        return reached;
    }

    private List<CachedToken> reach(List<CachedToken> added, TokenContext... contexts) {
        cache.beginPass();
        List<CachedToken> reached = new ArrayList<>();
        for (TokenContext context : contexts) {
            reached.add(Objects.requireNonNull(cache.reach(context, added)));
        }
        added.forEach(token -> states.put((long) token.slot, token.context));
        return reached;
    }

    private static TokenContext beginning(TokenContext text, int fewer) {
        TokenContext at = text;
        for (int i = 0; i < fewer; i++) {
            at = Objects.requireNonNull(at.parent());
        }
        return at;
    }

    private void assertKept(long seed, List<CachedToken> reached) {
        for (CachedToken tip : reached) {
            for (CachedToken at = tip; at != null; at = at.parent) {
                assertThat(states.get((long) at.slot)).as("seed %d", seed).isEqualTo(at.context);
            }
        }
    }

    private List<AttentionBucket> attention(TokenContext... contexts) {
        List<CachedToken> added = new ArrayList<>();
        List<CachedToken> unused = reach(added, contexts);
        return planner.plan(added);
    }

    private static List<long[]> pieces(List<AttentionBucket> buckets) {
        List<long[]> pieces = new ArrayList<>();
        for (AttentionBucket bucket : buckets) {
            for (int i = 0; i < bucket.trunks().length; i += 3) {
                pieces.add(new long[] {bucket.trunks()[i], bucket.trunks()[i + 1], bucket.trunks()[i + 2]});
            }
        }
        return pieces;
    }

    private static void assertAttendsToItsContext(List<AttentionBucket> buckets) {
        for (AttentionBucket bucket : buckets) {
            for (int token = 0; token < bucket.tokens().size(); token++) {
                List<Long> expected = new ArrayList<>();
                for (CachedToken at = bucket.tokens().get(token); at != null; at = at.parent) {
                    expected.add((long) at.slot);
                }
                assertThat(attended(bucket, token)).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    /** Each slot as often as the row reads it. */
    private static List<Long> attended(AttentionBucket bucket, int token) {
        int row = (int) bucket.unpadded()[token];
        List<Long> slots = new ArrayList<>();
        Set<Integer> columns = new HashSet<>();
        for (int column = 0; column < bucket.columns(); column++) {
            if (bucket.mask()[row * bucket.columns() + column] == 0 && columns.add(column)) {
                slots.add(bucket.slots()[row / bucket.rows() * bucket.columns() + column]);
            }
        }
        for (long[] piece : pieces(List.of(bucket))) {
            for (long i = 0; piece[0] == row / bucket.rows() && i < piece[2]; i++) {
                slots.add(piece[1] + i);
            }
        }
        return slots;
    }
}
