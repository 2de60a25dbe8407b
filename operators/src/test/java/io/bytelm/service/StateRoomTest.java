package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.service.StateRoom.Place;
import io.bytelm.service.StateRoom.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StateRoomTest {
    private static final int MANY = Integer.MAX_VALUE;

    private final List<String> told = new ArrayList<>();

    private Place ask(Share share, long tokens, String name) {
        return share.ask(tokens, () -> told.add(name));
    }

    @Test
    void textsAreReadAsLongAsTheModelKeepsTheStatesOfAllOfThem() {
        StateRoom room = new StateRoom(100);
        Share share = room.enter("job", MANY);
        Place a = ask(share, 60, "a");
        Place b = ask(share, 40, "b");
        Place c = ask(share, 1, "c");
        assertThat(a.isThere()).isTrue();
        assertThat(b.isThere()).isTrue();
        assertThat(c.isThere()).isFalse();
        assertThat(room.takenTokens()).isEqualTo(100);
        assertThat(room.waiting()).isEqualTo(1);
        b.giveBack();
        b.giveBack();
        assertThat(c.isThere()).isTrue();
        assertThat(room.takenTokens()).isEqualTo(61);
        assertThat(told).as("only who waited is told").containsExactly("c");
    }

    @Test
    void aTextThatIsLargerThanTheRoomHasItAlone() {
        StateRoom room = new StateRoom(10);
        Share share = room.enter("job", MANY);
        Place huge = ask(share, 1000, "huge");
        Place small = ask(share, 1, "small");
        assertThat(huge.isThere()).isTrue();
        assertThat(small.isThere()).isFalse();
        Place hugeToo = ask(share, 1000, "hugeToo");
        huge.giveBack();
        assertThat(small.isThere()).isTrue();
        assertThat(hugeToo.isThere()).isFalse();
        small.giveBack();
        assertThat(hugeToo.isThere()).isTrue();
    }

    @Test
    void placesAreGivenInTheOrderInWhichTheyWereAskedForWhoeverAsks() {
        StateRoom room = new StateRoom(100);
        Share share = room.enter("job", MANY);
        Share other = room.enter("other job", MANY);
        Place first = ask(share, 100, "first");
        Place large = ask(other, 90, "large");
        Place late = ask(share, 20, "late");
        first.giveBack();
        assertThat(large.isThere()).isTrue();
        assertThat(late.isThere())
                .as("it would fit before, but not after the large one")
                .isFalse();
        Place later = ask(other, 1, "later");
        assertThat(later.isThere()).as("nobody overtakes").isFalse();
        large.giveBack();
        assertThat(told).containsExactly("large", "late", "later");
    }

    @Test
    void aRoomThatGrowsLetsInWhoWaitsAndOneThatShrinksSendsNobodyAway() {
        StateRoom room = new StateRoom(100);
        Share share = room.enter("job", MANY);
        Place a = ask(share, 100, "a");
        Place b = ask(share, 50, "b");
        room.resize(150);
        assertThat(b.isThere()).isTrue();
        assertThat(told).containsExactly("b");
        room.resize(60);
        Place c = ask(share, 10, "c");
        assertThat(a.isThere()).isTrue();
        assertThat(c.isThere()).isFalse();
        a.giveBack();
        assertThat(c.isThere()).as("50 and 10 fit").isTrue();
    }

    @Test
    void whoDoesNotWaitAnyMoreHoldsNobodyUp() {
        StateRoom room = new StateRoom(100);
        Share share = room.enter("job", MANY);
        ask(share, 50, "a");
        Place large = ask(share, 100, "large");
        Place small = ask(share, 50, "small");
        large.giveBack();
        assertThat(small.isThere()).isTrue();
        assertThat(told).containsExactly("small");
    }

    @Test
    void theSharesOfAGroupHaveSoManyPlacesTogetherAndOthersAreNotHeldUp() {
        StateRoom room = new StateRoom(Long.MAX_VALUE);
        Share share = room.enter("job", 2);
        Share sibling = room.enter("job", 99);
        Share stranger = room.enter("other job", MANY);
        Place a = ask(share, 1, "a");
        ask(sibling, 1, "b");
        Place c = ask(sibling, 1, "c");
        assertThat(c.isThere()).isFalse();
        assertThat(ask(stranger, 1, "stranger").isThere()).isTrue();
        a.giveBack();
        assertThat(c.isThere()).isTrue();
    }

    @Test
    void aGroupThatAllHaveLeftIsForgotten() {
        StateRoom room = new StateRoom(Long.MAX_VALUE);
        room.enter("job", 1).close();
        Share share = room.enter("job", 2);
        ask(share, 1, "a");
        assertThat(ask(share, 1, "b").isThere()).isTrue();
    }

    @Test
    void aShareThatClosesLeavesItsRoomToTheOthersAndWaitsForNothing() {
        StateRoom room = new StateRoom(10);
        Share share = room.enter("job", MANY);
        Share other = room.enter("job", MANY);
        ask(share, 10, "a");
        ask(share, 10, "b");
        Place c = ask(other, 10, "c");
        share.close();
        share.close();
        assertThat(c.isThere()).isTrue();
        assertThat(told).containsExactly("c");
        assertThat(room.takenTokens()).isEqualTo(10);
    }

    @Test
    void aPlaceGrowsWhereThereIsRoomAndNobodyWaitsForIt() {
        StateRoom room = new StateRoom(100);
        Share share = room.enter("job", MANY);
        Place a = ask(share, 40, "a");
        Place b = ask(share, 40, "b");
        assertThat(a.grow(60)).isTrue();
        assertThat(a.grow(61)).isFalse();
        assertThat(a.grow(10)).as("it needs no more than it has").isTrue();
        assertThat(room.takenTokens()).isEqualTo(100);
        b.giveBack();
        Place c = ask(share, 50, "c");
        assertThat(c.isThere()).isFalse();
        assertThat(a.grow(200)).as("alone, it may have all of the room").isTrue();
        a.giveBack();
        assertThat(room.takenTokens()).isEqualTo(50);
    }

    @Test
    void textTakesAThirdOfItsBytesAtMost() {
        assertThat(StateRoom.tokensOf(0)).isEqualTo(1);
        assertThat(StateRoom.tokensOf(300)).isEqualTo(101);
    }

    @Test
    @Timeout(60)
    void manyThreadsAllComeToTheirTurnAndNeverTakeMoreThanThereIs() throws Exception {
        long seed = new Random().nextLong();
        StateRoom room = new StateRoom(100);
        AtomicLong reading = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 8; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> readTexts(room, random, reading));
            thread.setUncaughtExceptionHandler((t, failure) -> failures.add(failure));
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).as("seed %d", seed).isEmpty();
        assertThat(room.takenTokens()).isZero();
        assertThat(room.waiting()).isZero();
    }

    private static void readTexts(StateRoom room, Random random, AtomicLong reading) {
        try (Share share = room.enter("job", 5)) {
            for (int text = 0; text < 2_000; text++) {
                long tokens = 1 + random.nextInt(120);
                CountDownLatch there = new CountDownLatch(1);
                Place place = share.ask(tokens, there::countDown);
                if (!place.isThere()) {
                    there.await();
                }
                long now = reading.addAndGet(tokens);
                assertThat(now).isLessThanOrEqualTo(Math.max(100, tokens));
                reading.addAndGet(-tokens);
                place.giveBack();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
