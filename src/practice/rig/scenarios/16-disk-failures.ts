import { holdingTrader } from '../rig-strategies.js';
import type { Scenario } from '../scenario.js';

export const diskFailures: Scenario = {
  number: 16,
  name: 'disk-failures',
  inject:
    'fsync fails, the disk is full, writes fail, the disk is read-only; each until somebody mends it and starts again; torn tails by kills',
  expect: 'nothing is sent without a durable intent, cancels still are; a torn tail is cut',
  options: { activeMs: 330_000 },
  play: ({ at, host }) => {
    const faults = [
      { operation: 'sync', code: 'EIO' },
      { operation: 'write', code: 'ENOSPC' },
      { operation: 'write', code: 'EIO' },
      { operation: 'write', code: 'EROFS' },
    ] as const;
    faults.forEach((fault, i) => {
      at(40 + 60 * i, () => host.disk.fault(fault));
      at(65 + 60 * i, () => {
        host.disk.heal();
        host.crash();
      });
    });
    at(290, () => host.killWhen(point => point === 'disk:write:done'));
  },
  sometimes: ['disk:sync:EIO', 'disk:write:ENOSPC', 'disk:write:EIO', 'disk:write:EROFS', 'kill:disk:write:done'],
};

export const flippedBit: Scenario = {
  number: 16,
  name: 'flipped-bit',
  inject: 'one bit of a number inside the journal is turned while the process is down: the line is as good as any',
  expect: 'quarantined: the session refuses to start and names the place; nothing is deleted',
  options: { activeMs: 150_000, restartMs: 5_000 },
  play: ({ at, host }) => {
    at(100, () => {
      host.crash();
      const path = host.disk.paths().find(each => each.endsWith('.ndjson')) as string;
      const bytes = Buffer.from(host.disk.bytes(path));
      const fill = bytes.indexOf('"type":"OrderFilled"', bytes.length / 3);
      const lots = bytes.indexOf('"lots":', bytes.lastIndexOf('\n', fill));
      // The lowest bit of a digit makes another digit of it.
      host.disk.flip(path, Math.min(bytes.indexOf(',', lots), bytes.indexOf('}', lots)) - 1, 0);
    });
  },
  sometimes: ['disk:flip', 'process:refused'],
  check: ({ host }) => [
    ...(host.session === null ? [] : ['a session runs on a damaged journal']),
    ...(/ndjson/.test(host.refusal ?? '') ? [] : [`the refusal names no place: ${host.refusal}`]),
  ],
  waived: {
    o1: 'the journal cannot be read',
    o2: 'the journal cannot be read',
    o3: 'the journal cannot be read',
    o5: 'that it does not verify is what is wanted',
    o7: 'it refuses to start',
  },
};

export const tornTail: Scenario = {
  number: 16,
  name: 'torn-tail',
  inject: 'the process is killed amid an append again and again, so that half of a commit stands on the disk, or zeros',
  expect: 'what was not answered is cut off and kept beside; the journal goes on whole',
  options: { restartMs: 1_000 },
  play: ({ at, host }) => {
    for (let seconds = 15; seconds < 235; seconds += 8) at(seconds, () => host.killWhen(point => point === 'disk:write:done'));
  },
  sometimes: ['kill:disk:write:done', 'disk:crash:torn'],
  check: ({ host }) => (host.disk.paths().some(path => path.endsWith('.torn')) ? [] : ['nothing that was cut off is kept']),
};

const STRATEGIES = 8;

export const tornCommit: Scenario = {
  number: 16,
  name: 'torn-commit',
  inject: 'the process is killed amid the commit that gives a strategy its budget out of the account’s cash, ten times over',
  expect: 'both sides of the movement count, or none: a whole fact of a commit that is not whole is no fact',
  options: {
    activeMs: 60_000,
    restartMs: 200,
    strategies: Array.from({ length: STRATEGIES }, (_, i) => ({
      strategy: holdingTrader(`holder-${i}`, 0.2 + 0.05 * i, 20),
      tag: `h${i}`,
      budget: 10_000,
    })),
  },
  play: ({ at, host }) => {
    let life = 0;
    let commits = 0;
    /** The first commit of a life says that it has begun, the second one moves money. */
    const isAmid = (point: string): boolean => {
      if (point !== 'disk:write:done') return false;
      if (host.starts !== life) [life, commits] = [host.starts, 0];
      return ++commits === 2 && life <= 10;
    };
    for (let tenths = 0; tenths < 50; tenths++) at(tenths / 10, () => host.killWhen(isAmid));
  },
  sometimes: ['kill:disk:write:done', 'disk:crash:torn'],
  check: ({ facts, host }) => {
    const opened = facts.filter(fact => fact.type === 'CashMoved' && fact.kind === 'opening' && fact.strategy !== '').length;
    return [
      ...(host.starts > 10 ? [] : [`only ${host.starts} starts`]),
      ...(opened === STRATEGIES ? [] : [`${opened} budgets were given to ${STRATEGIES} strategies`]),
    ];
  },
};
