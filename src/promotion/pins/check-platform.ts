import type { PinFault } from './pin-fault.js';
import type { Pins } from './pins.js';

/** What of the platform is not as pinned: its version, its code, and the lock file of its dependencies. */
export const checkPlatform = (pinned: Pins['platform'], now: Pins['platform']): readonly PinFault[] => {
  const faults: PinFault[] = [];
  if (now.version !== pinned.version)
    faults.push({ pin: 'platform', name: 'version', text: `The platform is ${now.version}; it was ${pinned.version} when promoted.` });
  if (now.code !== pinned.code)
    faults.push({
      pin: 'platform',
      name: 'code',
      text: `The platform’s code is ${now.code.slice(0, 12)}; it was ${pinned.code.slice(0, 12)} when promoted.`,
    });
  const [was, is] = [pinned.lock, now.lock];
  if (was?.path !== is?.path)
    faults.push({
      pin: 'lock',
      name: is?.path ?? was?.path ?? '',
      text: `The lock file of the dependencies is ${is?.path ?? 'not there'}; it was ${was?.path ?? 'not there'} when promoted.`,
    });
  else if (was !== null && is !== null && was.sha256 !== is.sha256)
    faults.push({
      pin: 'lock',
      name: is.path,
      text: `The bytes of the lock file ${is.path} differ (${was.sha256.slice(0, 12)} when promoted, ${is.sha256.slice(0, 12)} now).`,
    });
  return faults;
};
