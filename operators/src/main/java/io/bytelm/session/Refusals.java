package io.bytelm.session;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RejectedRecordException;

/** Why input records are not processed: one short word and one line for each reason. */
final class Refusals {
    private Refusals() {}

    static DeadLetter rejected(InputRecord record, RejectedRecordException refusal) {
        return new DeadLetter(record, refusal.reason(), String.valueOf(refusal.getMessage()));
    }

    static DeadLetter noKey(InputRecord record) {
        return new DeadLetter(
                record, "no-key", "the record has no key; send the session's name, any bytes, as its Kafka key");
    }

    static DeadLetter malformedSequence(InputRecord record) {
        return new DeadLetter(
                record,
                "malformed-sequence",
                "the header bytelm.seq is \"" + record.sequence()
                        + "\"; send a decimal integer that grows from record to record of the session, or leave it out");
    }

    static DeadLetter noValue(InputRecord record) {
        return new DeadLetter(
                record,
                "no-value",
                "the record has no value; send the session's next bytes, or the header bytelm.op=end");
    }

    static DeadLetter oversized(InputRecord record, int foundBytes, int maxBytes) {
        return new DeadLetter(
                record,
                "oversized-chunk",
                "the value has " + foundBytes + " bytes, allowed are " + maxBytes
                        + "; cut it anywhere and send the parts in order, the result is the same");
    }

    static DeadLetter unknownOp(InputRecord record) {
        return new DeadLetter(
                record,
                "unknown-op",
                "the header bytelm.op is \"" + record.op()
                        + "\"; allowed are \"bytes\" (also without the header), \"open\", \"candidates\" and \"end\"");
    }

    static DeadLetter alreadyOpen(InputRecord record) {
        return new DeadLetter(
                record, "already-open", "the session is open already; send an end first, or open before any bytes");
    }

    /** Of a record that asks about candidates. */
    static DeadLetter decoding(InputRecord record) {
        return new DeadLetter(
                record,
                "session-decoding",
                "the session decodes, and weighs no candidates; ask in a session that scores, under another key");
    }

    static DeadLetter ended(InputRecord record) {
        return new DeadLetter(
                record, "session-ended", "the session was ended; send an open to start it afresh, or use another key");
    }

    static DeadLetter deadEnd(InputRecord record) {
        return new DeadLetter(
                record,
                "session-dead-end",
                "the session ran into a dead end before: the model gives its bytes no probability; send an end, or"
                        + " use another key");
    }

    /** Of an {@code end}: the session ends all the same. */
    static DeadLetter lastBytesAfterDeadEnd(InputRecord record) {
        return new DeadLetter(
                record,
                "session-dead-end",
                "the session ran into a dead end before, and has ended with this record; the record's bytes were not"
                        + " scored: the model gives them no probability");
    }

    /** Of an {@code end}: the session ends all the same. */
    static DeadLetter lastBytesOfDriven(InputRecord record) {
        return new DeadLetter(
                record,
                "session-driven",
                "a driven session takes no bytes: the job draws them; the session has ended, and the record's bytes"
                        + " are no part of its output");
    }

    /** Of bytes, also those of an {@code end}; the session goes on. */
    static DeadLetter notAllowed(InputRecord record, String refusal) {
        String remedy =
                "end".equals(record.op()) ? "; the session has not ended: send an end with others, or none" : "";
        return new DeadLetter(record, "byte-not-allowed", refusal + remedy);
    }

    static DeadLetter constraint(InputRecord record, ConstraintException refusal) {
        return new DeadLetter(record, "constraint-refused", "open: constraint: " + refusal.getMessage());
    }

    /** Of a session that is open: its constraint, or the text that it has come to, is more than this build can follow. */
    static DeadLetter sessionConstraint(InputRecord record, ConstraintException refusal) {
        return new DeadLetter(
                record,
                "constraint-refused",
                "the session's constraint: " + refusal.getMessage()
                        + "; send an end, and open a session with another one");
    }

    static DeadLetter budget(InputRecord record, IllegalArgumentException tooSmall) {
        return new DeadLetter(record, "budget-too-small", "open: max_bytes: " + tooSmall.getMessage());
    }

    static DeadLetter deadPrompt(InputRecord record) {
        return new DeadLetter(
                record,
                "dead-prompt",
                "open: the model gives the prompt no probability, so nothing can follow it; use another prompt");
    }

    static DeadLetter driven(InputRecord record) {
        return new DeadLetter(
                record,
                "session-driven",
                "a driven session takes no bytes: the job draws them; open a session with the mode \"steered\"");
    }

    static DeadLetter notOpen(InputRecord record) {
        return new DeadLetter(
                record, "not-open", "there is no such session to end; it had no bytes and no open, or was forgotten");
    }
}
