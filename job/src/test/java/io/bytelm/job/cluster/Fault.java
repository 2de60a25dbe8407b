package io.bytelm.job.cluster;

/** What can happen to a cluster, and is done to it here. */
enum Fault {
    TASK_MANAGER_KILLED(Faults::killTaskManager),
    JOB_MANAGER_KILLED(Faults::killLeadingJobManager),
    BROKER_KILLED(Faults::killBroker),
    TASK_MANAGER_FROZEN(Faults::freezeTaskManager),
    SERVICE_HANGS(Faults::hangService),
    SERVICE_PROCESS_KILLED(faults -> faults.services().kill(), false),
    SERVICE_PROCESS_FROZEN(faults -> faults.services().freeze(), false),
    SERVICE_PROCESS_ENDS(faults -> faults.services().end(), false),
    SERVICE_PROCESS_OLDER(faults -> faults.services().replaceByOlder(), false),
    SERVICE_NETWORK_BAD(faults -> faults.services().breakNetwork(), false),
    SERVICE_QUEUE_FULL(faults -> faults.services().fillQueue(), false),
    DISK_FULL(Faults::fillDisk);

    private final Injection injection;
    private final boolean restoresJobs;

    Fault(Injection injection) {
        this(injection, true);
    }

    Fault(Injection injection, boolean restoresJobs) {
        this.injection = injection;
        this.restoresJobs = restoresJobs;
    }

    /** Whether a job has to go on from a checkpoint; of the others no job takes any notice. */
    boolean restoresJobs() {
        return restoresJobs;
    }

    /** Makes it happen. */
    private interface Injection {
        int into(Faults faults) throws Exception;
    }

    /**
     * Does it and waits until the jobs have recovered.
     *
     * @return how many jobs were restored from a checkpoint, at least 1 if the fault restores jobs
     * @throws AssertionError if it did not happen, or the jobs that it hit were not restored or did not go on
     */
    int inject(Faults faults) throws Exception {
        return injection.into(faults);
    }
}
