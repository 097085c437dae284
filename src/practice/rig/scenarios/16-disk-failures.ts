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
  inject: 'a bit inside the journal is turned while the process is down',
  expect: 'quarantined: the session refuses to start and names the place; nothing is deleted',
  options: { activeMs: 150_000, restartMs: 5_000 },
  play: ({ at, host }) => {
    at(100, () => {
      host.crash();
      const path = host.disk.paths().find(each => each.endsWith('.ndjson')) as string;
      host.disk.flip(path, Math.floor(host.disk.bytes(path).length / 3), 2);
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
