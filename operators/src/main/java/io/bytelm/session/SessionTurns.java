package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Which sessions of a subtask are worked on, and which wait until the model has room for their states ({@link StateRoom}).
 * A session keeps its place from one piece of its work to the next, and for further records that wait, as long as nobody
 * waits for the room, or reading its contexts again would cost more than a share of what it has read with them. So of many
 * sessions that do not fit at the same time each is read again rarely, and none waits for another's end. Confined to the
 * task thread.
 */
final class SessionTurns implements AutoCloseable {
    /** With 2, a session that takes turns computes at most half a token beside each one that it asks for. */
    private static final int ASKED_PER_TOKEN_READ_AGAIN = 2;

    private final StateRoom.Share room;
    private final long contextTokens;
    private final MailboxWorkQueue work;
    private final Map<String, Turn> turns = new HashMap<>();
    private int waiting;

    private static final class Turn {
        final StateRoom.Place place;
        final long tokens;
        boolean begun;
        long asked;

        Turn(StateRoom.Place place, long tokens) {
            this.place = place;
            this.tokens = tokens;
        }
    }

    SessionTurns(TrieLmService service, MailboxWorkQueue work) {
        this.room = service.room().enter(this, Integer.MAX_VALUE);
        this.contextTokens = service.contextTokens();
        this.work = work;
    }

    /**
     * A session is to be worked on.
     *
     * @param tokens how many the model has to keep the states of meanwhile
     * @param onTurn is run on the task thread when there is room, if that is not now; it begins again
     * @return whether it may go on now
     */
    boolean begin(String session, long tokens, ThrowingRunnable<Exception> onTurn) {
        Turn turn = turns.get(session);
        if (turn != null && turn.begun && !turn.place.grow(tokens)) {
            giveBack(session);
            turn = ask(session, tokens + tokens / 2, onTurn); // it grows, so it would soon have to wait again
        } else if (turn == null) {
            turn = ask(session, tokens, onTurn);
        }
        if (!turn.begun && turn.place.isThere()) {
            turn.begun = true;
            waiting--;
        }
        return turn.begun;
    }

    private Turn ask(String session, long tokens, ThrowingRunnable<Exception> onTurn) {
        Turn turn = new Turn(room.ask(tokens, () -> work.add(onTurn)), tokens);
        turns.put(session, turn);
        waiting++;
        return turn;
    }

    /** The session asks the model for so much. */
    void asked(String session, int requests) {
        Turn turn = turns.get(session);
        if (turn != null) {
            turn.asked += requests;
        }
    }

    /** A piece of the session's work is done, or a record, and the session has more to do. */
    void pauses(String session) {
        Turn turn = turns.get(session);
        if (turn != null && turn.asked >= ASKED_PER_TOKEN_READ_AGAIN * turn.tokens && room.othersWait()) {
            giveBack(session);
        }
    }

    /** The session has nothing more to do. */
    void ends(String session) {
        giveBack(session);
    }

    /** How many sessions wait for room. */
    int waiting() {
        return waiting;
    }

    @Override
    public void close() {
        room.close();
        turns.clear();
    }

    private void giveBack(String session) {
        Turn turn = turns.remove(session);
        if (turn != null) {
            waiting -= turn.begun ? 0 : 1;
            turn.place.giveBack();
        }
    }

    /**
     * How many tokens there are to keep of a text: what all contexts begin with counts once, and of a long context the
     * model reads a part. Of several models that one counts which has most to keep.
     *
     * @param contexts those that it goes on from, by model
     * @param bytes how many it is to read
     */
    long tokensOf(List<List<TokenContext>> contexts, int bytes) {
        return contexts.stream()
                .mapToLong(ofModel -> tokensOfModel(ofModel, bytes))
                .max()
                .orElse(0);
    }

    private long tokensOfModel(List<TokenContext> contexts, int bytes) {
        long shared = Math.min(contextTokens, TokenContext.sharedLength(contexts));
        long longest = shared;
        long tokens = shared;
        for (TokenContext context : contexts) {
            long length = Math.min(contextTokens, context.length());
            longest = Math.max(longest, length);
            tokens += length - shared;
        }
        return tokens + Math.min(contextTokens - longest, StateRoom.tokensOf(bytes));
    }
}
