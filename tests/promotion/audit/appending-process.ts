import { openAuditLog } from '../../../src/promotion/audit/open-audit-log.js';

/** Appends records one after the other and says so of each when it is on the disk; without an end where none is given. */
const [folder = '', name = '', count = '0'] = process.argv.slice(2);
const log = openAuditLog({ folder, anchor: null, now: Date.now, patienceMs: 120_000 });
for (let i = 0; count === '0' || i < Number(count); i++) {
  await log.append(name, [
    { type: 'CommandGiven', verb: `${name}-${i}`, words: [] },
    { type: 'CommandDenied', verb: `${name}-${i}`, code: 'test', text: 'second of its batch' },
  ]);
  process.stdout.write(`${i}\n`);
}
