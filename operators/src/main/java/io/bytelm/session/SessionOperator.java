package io.bytelm.session;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.service.TrieLmService;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.sorted.state.BatchExecutionKeyedStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.IOUtils;

/**
 * Runs a {@link SessionLogic} over a stream keyed by {@link SessionKey}, asking the trie/LM service without blocking.
 *
 * <ul>
 *   <li>One record of a session at a time, in order of arrival; sessions run concurrently. When {@link
 *       SessionSettings#capacity} sessions are worked on, or too much waits behind them, the operator takes no more input,
 *       unless a checkpoint's barrier may lie behind it ({@link InputRoom}).
 *   <li>A snapshot waits for nothing: records in flight go into keyed state, and start again from their session's
 *       committed state after a restore. The service is thus asked at least once, while states and outputs change
 *       exactly once.
 *   <li>Watermarks stay behind the records before them. Latency markers do not, as in every Flink operator.
 * </ul>
 *
 * <p>Scores go to the main output, dead letters to the side output {@link DeadLetters#OUTPUT}. All methods run on the
 * task thread.
 *
 * @param <S> the sessions' state
 */
final class SessionOperator<S> extends AbstractStreamOperator<Result>
        implements OneInputStreamOperator<InputRecord, Result>, BoundedOneInput, Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1;

    private final SessionOperatorFactory<S> plan;
    private final transient MailboxExecutor mailbox;
    private final transient InFlightElements inFlight;
    private final transient InputRoom room;
    private final transient CheckpointGate checkpoints = new CheckpointGate();
    private final transient WatermarkHold watermarks;
    private final transient SessionMetrics sessionMetrics;
    private final transient Deque<AutoCloseable> opened = new ArrayDeque<>();
    private transient InFlightState inFlightState;
    private transient SessionStore<S> sessions;
    private transient SessionSequence sequence;
    private transient CheckpointReport report;
    private transient TtlClock ttlClock;
    private transient SessionTtl ttl;
    private transient RestartedSessions restarted;
    private transient boolean isRestored;
    private transient SessionDriver<S> driver;

    @SuppressWarnings("NullAway.Init") // Flink calls initializeState() and open() before any other method but close()
    SessionOperator(StreamOperatorParameters<Result> parameters, SessionOperatorFactory<S> plan) {
        super(parameters);
        this.plan = plan;
        this.inFlight = new InFlightElements(plan.settings());
        this.mailbox = parameters.getMailboxExecutor();
        this.room = room(parameters.getContainingTask().getEnvironment());
        this.watermarks = new WatermarkHold(super::processWatermark, super::processWatermarkStatus);
        this.sessionMetrics =
                new SessionMetrics(getMetricGroup(), getProcessingTimeService().getClock());
    }

    private InputRoom room(Environment task) {
        var coordinator = task.getOperatorCoordinatorEventGateway();
        CheckpointInquiry inquiry = new CheckpointInquiry(
                () -> CheckpointCoordination.ask(coordinator, getOperatorID()),
                mailbox,
                getProcessingTimeService(),
                checkpoints);
        return new InputRoom(inFlight, checkpoints, inquiry, mailbox, getProcessingTimeService());
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        isRestored = context.isRestored();
        ttlClock = new TtlClock(context.getOperatorStateStore(), getProcessingTimeService(), context.isRestored());
    }

    /**
     * @throws IllegalStateException in Flink's batch mode
     * @throws SuppressRestartsException if the restored sessions were read with another model
     */
    @Override
    public void open() throws Exception {
        super.open();
        if (getKeyedStateBackend() instanceof BatchExecutionKeyedStateBackend) {
            throw new IllegalStateException(
                    "Flink's batch mode keeps the state of one session at a time, but sessions run"
                            + " concurrently; set execution.runtime-mode to STREAMING, which reads bounded input too");
        }
        KeyedStateStore states = getKeyedStateStore();
        sequence = new SessionSequence(states);
        inFlightState = new InFlightState(states, getKeyedStateBackend(), this);
        ttl = new SessionTtl(
                states,
                getInternalTimerService(SessionTtl.TIMERS, VoidNamespaceSerializer.INSTANCE, this),
                ttlClock,
                plan.settings().ttlMillis());
        restarted = new RestartedSessions(states, getKeyedStateBackend(), this);
        boolean isFirst = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        report = new CheckpointReport(getContainingTask().getJobConfiguration(), getProcessingTimeService(), isFirst);
        report.begin(sessionMetrics);
        driver = openDriver(states);
        inFlightState.restore(driver::acceptRestored);
    }

    private SessionDriver<S> openDriver(KeyedStateStore states) throws Exception {
        SessionSettings settings = plan.settings();
        TrieLmService service = plan.serviceSource().open();
        opened.push(service);
        SessionLogic<S> logic = plan.logicFactory().create(service);
        opened.push(logic);
        ModelIdentity model = service.identity().with(logic.identity());
        sessions = new SessionStore<>(states, plan.stateType(), logic, service.contextTokens());
        becomeModelOfSessions(model);
        MailboxWorkQueue work = new MailboxWorkQueue(mailbox, settings.continuationsPerMail());
        opened.push(work);
        ServiceCalls calls =
                new ServiceCalls(service, settings, work, getProcessingTimeService(), sessionMetrics, jitter());
        opened.push(calls);
        SessionTurns turns = new SessionTurns(service, work);
        opened.push(turns);
        showGauges(calls, turns);
        ServiceGauges.show(service, getMetricGroup());
        return new SessionDriver<>(
                this,
                logic,
                sessions,
                sequence,
                new SessionCommit<>(
                        sessions, sequence, ttl, restarted, new SessionOutput(output, sessionMetrics), sessionMetrics),
                calls,
                turns,
                work,
                inFlight,
                watermarks,
                settings.serviceFailure(),
                new InternalErrors(getProcessingTimeService()::getCurrentProcessingTime, sessionMetrics),
                sessionMetrics);
    }

    private void becomeModelOfSessions(ModelIdentity model) throws Exception {
        SessionsModel sessionsModel = new SessionsModel(getOperatorStateBackend());
        ModelIdentity before = sessionsModel.restored();
        boolean anew = sessionsModel.becomes(model, plan.modelChange());
        if (isRestored && getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            SessionsModel.logRestored(before, anew);
        }
        if (anew) {
            restarted.beginAll(sessions, Restarted.MODEL_CHANGED);
        }
    }

    /** Each subtask has its own, or all would come back to a service that failed them at the same moments. */
    private Random jitter() {
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        return new Random(plan.settings().retry().jitterSeed() + subtask);
    }

    private void showGauges(ServiceCalls calls, SessionTurns turns) {
        sessionMetrics.gauge("recordsInFlight", inFlight::size);
        sessionMetrics.gauge("recordsWaiting", inFlight::waiting);
        sessionMetrics.gauge("bytesInFlight", inFlight::bytes);
        sessionMetrics.gauge("sessionsInFlight", inFlight::sessions);
        sessionMetrics.gauge("sessionsWaitingForRoom", turns::waiting);
        sessionMetrics.gauge("serviceAttemptsInFlight", calls::running);
        sessionMetrics.gauge("serviceCallsWaiting", calls::waiting);
        sessionMetrics.gauge("serviceBreakerState", calls::breakerState);
        sessionMetrics.gauge("serviceOutageMillis", calls::outageMillis);
        sessionMetrics.gauge("watermarksHeldBack", watermarks::heldBack);
    }

    @Override
    public void processElement(StreamRecord<InputRecord> element) throws Exception {
        String session = (String) getCurrentKey();
        long timestampMillis = element.hasTimestamp() ? element.getTimestamp() : InFlightElement.NO_TIMESTAMP;
        driver.accept(session, element.getValue(), timestampMillis);
        room.await(); // after the element is in flight, so that whatever runs meanwhile finds it there
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        watermarks.watermark(watermark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        watermarks.status(status);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        inFlightState.write(inFlight);
        ttlClock.write();
        checkpoints.settled(context.getCheckpointId());
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        super.notifyCheckpointAborted(checkpointId);
        checkpoints.settled(checkpointId);
        report.failed(checkpointId);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        report.completed(checkpointId);
    }

    /** A checkpoint waits for the snapshots of all subtasks; the coordinator says so to a subtask that asks. */
    void checkpointBegun(long checkpointId) {
        checkpoints.begun(checkpointId);
    }

    /** A session's time to live has run out; Flink has set its key. */
    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        if (inFlight.hasSession(timer.getKey())) {
            ttl.restart();
        } else if (ttl.hasExpired()) {
            if (sessions.holdsOpen()) {
                sessionMetrics.sessionExpired();
            }
            sessions.clear();
            sequence.clear();
            restarted.forget();
            ttl.stop();
        }
    }

    /** No timer of event time is ever set. */
    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {}

    @Override
    public void endInput() throws Exception {
        // Nothing is half done here, so mails of the task may run: a barrier that overtakes records is one of them.
        MailboxExecutor anyMail =
                getContainingTask().getMailboxExecutorFactory().createExecutor(TaskMailbox.MIN_PRIORITY);
        while (inFlight.size() > 0) {
            anyMail.yield();
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
