package io.bytelm.job.likelihood.scoring;

import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.document.RejectReason;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.service.StateRoom;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.MailboxWorkQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Scores many windows of many documents at the same time, so that what they ask fills batches. Rows leave in the order in
 * which documents are done. A snapshot waits for nothing: documents in flight go into it and are scored again after a
 * restore. All methods run on the task thread.
 */
final class LikelihoodOperator extends AbstractStreamOperator<String>
        implements OneInputStreamOperator<Item, String>, BoundedOneInput {
    private static final long serialVersionUID = 1;
    private static final int CONTINUATIONS_PER_MAIL = 64;

    private final ScoringPlan plan;
    private final transient MailboxExecutor mailbox;
    private final transient Set<DocumentInFlight> inFlight = new LinkedHashSet<>();
    /** The longest first: what is left for the end, when few are in flight, is short. */
    private final transient Queue<DocumentInFlight> withMoreWindows = new PriorityQueue<>(
            Comparator.comparingInt(document -> -document.item().bytes().length));

    private final transient Deque<Item> restored = new ArrayDeque<>();
    private final transient Deque<AutoCloseable> opened = new ArrayDeque<>();
    private transient ListState<Item> itemState;
    private transient ListState<long[]> totalState;
    private transient Totals totals;
    private transient TrieLmService service;
    private transient MailboxWorkQueue work;
    private transient StateRoom.Share room;
    private transient @Nullable WaitingWindow waitingWindow;
    private transient WindowReader windows;
    private transient @Nullable SpanLines spans;
    private transient long heldBytes;

    @SuppressWarnings("NullAway.Init") // Flink calls initializeState() and open() before any other method but close()
    LikelihoodOperator(StreamOperatorParameters<String> parameters, ScoringPlan plan) {
        super(parameters);
        this.plan = plan;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        itemState = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("in-flight", Types.POJO(Item.class)));
        totalState = context.getOperatorStateStore()
                .getListState(
                        new ListStateDescriptor<>("totals", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        itemState.get().forEach(restored::add);
    }

    @Override
    public void open() throws Exception {
        super.open();
        totals = new Totals(getRuntimeContext());
        totals.read(totalState);
        service = plan.service().open();
        opened.push(service);
        work = new MailboxWorkQueue(mailbox, CONTINUATIONS_PER_MAIL);
        opened.push(work);
        room = service.room().enter(plan, plan.inFlight());
        opened.push(room);
        windows = plan.windowReader(service);
        spans = plan.spans() == null ? null : new SpanLines(plan.spans());
        mailbox.execute(this::acceptRestored, "documents of the checkpoint");
    }

    @Override
    public void processElement(StreamRecord<Item> element) throws Exception {
        Item item = element.getValue();
        // Yields before the item is held: a checkpoint taken meanwhile finds it still in the source.
        while (!hasRoomFor(item)) {
            mailbox.yield();
        }
        accept(item);
    }

    private boolean hasRoomFor(Item item) {
        return restored.isEmpty() && mayBeHeld(item);
    }

    /** As many may wait as may be in flight: what the choice of the longest is made of. */
    private boolean mayBeHeld(Item item) {
        return withMoreWindows.size() < plan.inFlight()
                && (inFlight.isEmpty() || heldBytes + item.bytes().length <= plan.inFlightBytes());
    }

    private void accept(Item item) throws Exception {
        Item checked = item.reason() == null ? windows.checked(item) : item;
        if (checked.reason() != null) {
            reject(checked);
            return;
        }
        WordEnds wordEnds = spans == null ? WordEnds.NONE : spans.wordEnds(item.bytes());
        DocumentInFlight document = new DocumentInFlight(item, plan.windows(), plan.wantsBytes(), wordEnds);
        inFlight.add(document);
        heldBytes += item.bytes().length;
        if (document.isDone()) {
            finish(document);
        } else {
            withMoreWindows.add(document);
            beginWhatWaits();
        }
    }

    /** A window whose document was the longest when it asked for room. */
    private record WaitingWindow(DocumentInFlight document, StateRoom.Place place) {}

    /** Begins windows while there is room, those of the longest document that waits first. */
    private void beginWhatWaits() throws Exception {
        while (waitingWindow != null || !withMoreWindows.isEmpty()) {
            WaitingWindow waiting = waitingWindow == null ? askForRoom(withMoreWindows.element()) : waitingWindow;
            waitingWindow = waiting.place().isThere() ? null : waiting;
            if (waitingWindow != null) {
                return;
            }
            beginNext(waiting.document(), waiting.place());
        }
    }

    private WaitingWindow askForRoom(DocumentInFlight longest) {
        Window next = longest.next();
        long text = next == null ? 0 : StateRoom.tokensOf(next.to() - next.from());
        long tokens = Math.min(text, service.contextTokens()) + windows.branchTokens();
        return new WaitingWindow(longest, room.ask(tokens, () -> work.add(this::acceptRestored)));
    }

    /** Meanwhile the document may have ended early. */
    private void beginNext(DocumentInFlight document, StateRoom.Place place) throws Exception {
        Window next = document.next();
        document.begin();
        if (!document.hasMore()) {
            withMoreWindows.remove(document);
        }
        if (next == null) {
            place.giveBack();
        } else {
            begin(document, next, place);
        }
    }

    private void acceptRestored() throws Exception {
        while (!restored.isEmpty() && mayBeHeld(restored.element())) {
            accept(restored.remove());
        }
        beginWhatWaits();
    }

    private void begin(DocumentInFlight document, Window window, StateRoom.Place place) throws Exception {
        int index = window.from() == 0 ? 0 : window.from() / plan.windows().strideBytes();
        long text = Objects.hash(document.item().source(), document.item().position(), index);
        new Computation<WindowScoring.Result>(service, text, work, (result, asked) -> {
                    place.giveBack();
                    end(document, index, result, asked);
                })
                .goOn(windows.read(document, window));
    }

    private void end(DocumentInFlight document, int window, WindowScoring.Result result, long asked) throws Exception {
        document.end(window, result, asked);
        if (!document.hasMore()) {
            withMoreWindows.remove(document);
        }
        if (document.isDone()) {
            finish(document);
        }
        // Not from here: a window whose answers are all at hand would begin the next one deeper and deeper in the
        // stack.
        if (!withMoreWindows.isEmpty() || !restored.isEmpty()) {
            work.add(this::acceptRestored);
        }
    }

    /** Row, totals and the end of the document's stay happen together: a checkpoint sees all or nothing. */
    private void finish(DocumentInFlight document) {
        Item item = document.item();
        inFlight.remove(document);
        heldBytes -= item.bytes().length;
        if (document.deadAt() >= 0) {
            reject(item.rejected(RejectReason.DEAD_END, windows.deadEnd(document.deadAt(), item.bytes().length)));
            return;
        }
        totals.scored(item.bytes().length, item.inputBytes());
        boolean certified = plan.canonical() != null;
        output.collect(new StreamRecord<>(RowLine.scored(document, certified, plan.byteLogProbs(), plan.beginnings())));
        if (spans != null) {
            spans.write(document, line -> output.collect(SpanOutput.OUTPUT, new StreamRecord<>(line)));
        }
    }

    private void reject(Item item) {
        totals.rejected(item.inputBytes());
        output.collect(Rejects.OUTPUT, new StreamRecord<>(RowLine.rejected(item)));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<Item> held = new ArrayList<>();
        inFlight.forEach(document -> held.add(document.item()));
        held.addAll(restored);
        itemState.update(held);
        totals.write(totalState);
    }

    @Override
    public void endInput() throws Exception {
        while (!inFlight.isEmpty() || !restored.isEmpty()) {
            mailbox.yield();
        }
    }

    /** What fails is logged: Flink takes an exception that a failed task throws here for its own, and ends the TaskManager. */
    @Override
    public void close() throws Exception {
        try {
            IOUtils.closeAll(opened);
        } catch (Exception e) {
            LOG.warn("what the operator had opened cannot all be closed", e);
        } finally {
            super.close();
        }
    }
}
