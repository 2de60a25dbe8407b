package io.bytelm.job;

import io.bytelm.job.check.SharedJars;
import io.bytelm.lm.EngineFailureException;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.VocabularyException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * A model that a job opens on the TaskManagers of a cluster. If it is not there, or is another one than that on the client's
 * machine, the job ends at once: every attempt would find the same. A disk, a network or an engine that fails is tried again.
 *
 * @param linger how long it stays open when no job uses it any more
 * @param identity what the client found, see {@link JobModel#look}
 */
record ClusterModel(JobModel model, Duration linger, Map<String, String> identity) implements ServiceSource {
    private static final long serialVersionUID = 1;

    ClusterModel {
        identity = Map.copyOf(identity);
    }

    /** @throws SuppressRestartsException if another attempt would fail as well */
    @Override
    public TrieLmService open() {
        try {
            return requireSame(model.join(linger));
        } catch (ModelException | VocabularyException e) {
            throw mayPass(e) ? e : forGood(e.getMessage() + model.remedyOnCluster(), e);
        } catch (UserException e) {
            throw forGood(e.getMessage() + model.remedyOnCluster(), e);
        } catch (ServiceRefusedException e) {
            throw e.reason() == ServiceRefusedException.Reason.WRONG_MODEL
                    ? forGood(String.valueOf(e.getMessage()), e)
                    : e;
        } catch (LinkageError e) {
            throw forGood(SharedJars.brokenBy(e), e);
        }
    }

    private TrieLmService requireSame(TrieLmService opened) {
        ModelIdentity here = opened.identity();
        ModelIdentity there = new ModelIdentity(identity);
        List<String> differences = there.differences(here);
        if (differences.isEmpty()) {
            return opened;
        }
        opened.close();
        throw new ModelException(model.place() + ": this is another model than where the job was submitted: "
                + here.described(differences) + " instead of " + there.described(differences));
    }

    private static SuppressRestartsException forGood(String line, Throwable cause) {
        return new SuppressRestartsException(new ModelException(line, cause));
    }

    /** Whether it was the disk or the network that failed, or the engine, rather than that something is missing or wrong. */
    private static boolean mayPass(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof EngineFailureException
                    || at.getClass() == IOException.class
                    || at.getClass() == FileSystemException.class) {
                return true;
            }
        }
        return false;
    }
}
