package io.bytelm.job.cluster;

/** What can happen to a cluster, and is done to it here. */
enum Fault {
    TASK_MANAGER_KILLED(Faults::killTaskManager),
    JOB_MANAGER_KILLED(Faults::killLeadingJobManager),
    BROKER_KILLED(Faults::killBroker),
    TASK_MANAGER_FROZEN(Faults::freezeTaskManager),
    SERVICE_HANGS(Faults::hangService),
    DISK_FULL(Faults::fillDisk);

    private final Injection injection;

    Fault(Injection injection) {
        this.injection = injection;
    }

    /** Makes it happen. */
    private interface Injection {
        int into(Faults faults) throws Exception;
    }

    /**
     * Does it and waits until the jobs have recovered.
     *
     * @return how many jobs were restored from a checkpoint, at least 1
     * @throws AssertionError if it did not happen, or the jobs that it hit were not restored or did not go on
     */
    int inject(Faults faults) throws Exception {
        return injection.into(faults);
    }
}
