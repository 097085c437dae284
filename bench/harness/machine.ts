import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Gigabytes (10^9). */
  readonly memory: number;
  readonly node: string;
  /** The operating system and its release. */
  readonly os: string;
  /** Processes that wanted a core in the minute before (0 where the system does not tell): with more than none, others were at work while this was measured. */
  readonly load: number;
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: Math.round(totalmem() / 1e8) / 10,
  node: process.version,
  os: `${type()} ${release()}`,
  load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});

/** Whether figures of both may be compared: the same processor, cores and Node, whatever else ran on it. Memory is left out, as virtual machines of one kind differ in it by a little. */
export const isSameMachine = (a: Machine, b: Machine): boolean => a.cpu === b.cpu && a.cores === b.cores && a.node === b.node;
