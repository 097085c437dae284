import { expect, test } from 'vitest';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';

test.each([
  ['postgres://ada:secret@db.example:5433/team', 'postgres', 'postgres://ada@db.example:5433/team', 'PostgreSQL at db.example:5433'],
  ['postgresql://db/team', 'postgres', 'postgresql://db/team', 'PostgreSQL at db:5432'],
  ['redis://:secret@10.0.0.5/2', 'redis', 'redis://10.0.0.5/2', 'Redis at 10.0.0.5:6379'],
  ['rediss://cache:6380', 'redis', 'rediss://cache:6380', 'Redis at cache:6380'],
])('%s is a place, shown without its password', (url, kind, shown, server) => {
  const place = parseQueueUrl(url);
  expect(place).toEqual({ kind, url, shown, server });
  expect(`${place.shown} ${place.server}`).not.toContain('secret');
});

test.each(['', 'nonsense:secret', 'mysql://ada:secret@db/team', 'postgres://ada:secret@db', 'postgres://ada:secret@db/', '/tmp/queue'])(
  '"%s" is refused, and not repeated',
  url => {
    let failure: unknown;
    try {
      parseQueueUrl(url);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ name: 'UserError', exitCode: 2 });
    expect(String(failure)).not.toContain('secret');
  },
);
