import type { PinFault } from './pin-fault.js';
import type { PinSubject } from './pin-subject.js';
import type { Pins } from './pins.js';

const short = (hash: string): string => (/^[0-9a-f]{64}$/.test(hash) ? hash.slice(0, 12) : hash);

/** What of a strategy's code is not as pinned, file by file. A file counts by its bytes: a changed comment is a change. */
export const checkStrategy = (pinned: Pins['strategy'], now: PinSubject['strategy']): readonly PinFault[] => {
  const fault = (name: string, text: string): PinFault => ({ pin: 'strategy', name, text });
  if (now.name !== pinned.name) return [fault('name', `The strategy is called ${now.name}; ${pinned.name} was promoted.`)];
  const before = new Map(pinned.files.map(({ path, sha256 }) => [path, sha256]));
  const after = new Map(now.files.map(({ path, sha256 }) => [path, sha256]));
  const faults = [...new Set([...before.keys(), ...after.keys()])].flatMap((path): PinFault[] => {
    const was = before.get(path);
    const is = after.get(path);
    if (was === is) return [];
    if (was === undefined) return [fault(path, `${path} is part of the strategy now and was not when it was promoted.`)];
    if (is === undefined) return [fault(path, `${path} was part of the strategy when it was promoted and is not now.`)];
    return [fault(path, `The bytes of ${path} differ from those that were promoted (${short(was)} then, ${short(is)} now).`)];
  });
  if (faults.length > 0 || now.bundle === pinned.bundle) return faults;
  return [fault('bundle', `The bundle was ${short(pinned.bundle)} when promoted and is ${short(now.bundle)} now, of the same files.`)];
};
