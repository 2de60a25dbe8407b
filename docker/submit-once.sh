#!/bin/sh
# Submits the scoring job unless one is there already, running or about to be:
#   sh submit-once.sh FLINK_DIRECTORY JOBMANAGER_HOST:PORT score ...
# A JobManager with high availability goes on with its jobs by itself, so a second submission would be a second job.
set -eu
flink=${1:?give the directory of Flink}
jobmanager=${2:?give host and port of the JobManager}
shift 2

jobs=$("$flink/bin/flink" list --jobmanager "$jobmanager")
if echo "$jobs" | grep 'ByteLM: score'; then
  echo "submit-once.sh: this job goes on, nothing was submitted"
  exit 0
fi
exec "$flink/bin/flink" run --detached --jobmanager "$jobmanager" "$flink/usrlib/bytelm-job.jar" "$@"
