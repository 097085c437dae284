import { spawnSync } from 'node:child_process';

/**
 * A process that signs requests has its keys in memory, and a core dump would write them to the disk: the limit of this process is set to none, which the kernel and systemd-coredump obey. Node cannot set it, util-linux can.
 * Says whether it did; where it did not, the service that runs the process has to (`LimitCORE=0`).
 */
export const noCoreDumps = (): boolean => {
  if (process.platform !== 'linux') return false;
  const { status } = spawnSync('prlimit', ['--core=0:0', '--pid', String(process.pid)], { stdio: 'ignore', timeout: 5_000 });
  return status === 0;
};
