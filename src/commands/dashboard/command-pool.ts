import { commandLane, type CommandLane, type LaneOptions } from './command-lane.js';
import type { WorkerAnswer } from './command-worker.js';

/** Processes that run commands, one at a time each, in the order in which they were asked for. */
export interface CommandPool {
  run(argv: readonly string[], passphrase: string | null): Promise<WorkerAnswer>;
  close(): Promise<void>;
}

/** Whose work may take as long as what is asked: together they leave one process to the others. */
const LONG = new Set(['sql', 'compare', 'data', 'doctor', 'verify', 'why']);
/** Waits for nobody. */
const URGENT = new Set(['halt']);

interface Order {
  readonly argv: readonly string[];
  readonly passphrase: string | null;
  readonly resolve: (answer: Promise<WorkerAnswer>) => void;
  readonly isLong: boolean;
}

/** At most `size` processes (two at least), made when they are needed; a halt gets one of its own when all are busy. */
export const commandPool = (size: number, options: LaneOptions): CommandPool => {
  const idle: CommandLane[] = [];
  const all = new Set<CommandLane>();
  const queue: Order[] = [];
  let [busy, long, isClosed] = [0, 0, false];

  const open = (): CommandLane => {
    const lane = commandLane(options);
    all.add(lane);
    return lane;
  };
  const leave = (lane: CommandLane): void => {
    if (!lane.isOver() && idle.length < size && !isClosed) return void idle.push(lane);
    void lane.close().finally(() => all.delete(lane));
  };
  const begin = ({ argv, passphrase, resolve, isLong }: Order): void => {
    let lane = idle.pop();
    while (lane?.isOver()) {
      all.delete(lane);
      lane = idle.pop();
    }
    const taken = lane ?? open();
    busy += 1;
    if (isLong) long += 1;
    const answer = taken.run(argv, passphrase).finally(() => {
      busy -= 1;
      if (isLong) long -= 1;
      leave(taken);
      next();
    });
    resolve(answer);
  };
  const next = (): void => {
    while (busy < size) {
      const at = queue.findIndex(({ isLong }) => !isLong || long < size - 1);
      if (at < 0) return;
      begin(queue.splice(at, 1)[0]!);
    }
  };
  idle.push(open());

  return {
    run: (argv, passphrase) =>
      new Promise<WorkerAnswer>(resolve => {
        const order = { argv, passphrase, resolve, isLong: LONG.has(argv[0] ?? '') };
        if (URGENT.has(argv[0] ?? '')) return begin(order);
        queue.push(order);
        next();
      }),
    close: async () => {
      isClosed = true;
      await Promise.all([...all].map(lane => lane.close()));
    },
  };
};
