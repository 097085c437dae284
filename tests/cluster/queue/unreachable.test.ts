import { describe, expect, test } from 'vitest';
import { persevere } from '../../../src/cluster/queue/persevere.js';
import { parseQueueUrl } from '../../../src/cluster/queue/parse-queue-url.js';
import { awayWords, isAway, unreachable } from '../../../src/cluster/queue/unreachable.js';

const PLACE = parseQueueUrl('postgres://ada@db.example/queue');
const coded = (code: string, message = 'it says so'): Error => Object.assign(new Error(message), { code });

describe('what a database says', () => {
  test.each([
    coded('ENOTFOUND', 'getaddrinfo ENOTFOUND db.example'),
    coded('40P01', 'deadlock detected'),
    coded('40001', 'could not serialize access'),
    coded('25006', 'cannot execute INSERT in a read-only transaction'),
    coded('53300', 'sorry, too many clients already'),
    new Error('Query read timeout'),
    new Error('timeout exceeded when trying to connect'),
    new Error("READONLY You can't write against a read only replica."),
  ])('%s may pass', error => {
    expect(isAway(error)).toBe(true);
  });

  test('of a mistake nothing passes', () => {
    expect([coded('42P01'), coded('23505'), new Error('a query about a timeout')].map(isAway)).toEqual([false, false, false]);
  });

  test('a host that does not exist is named to who gave it', () => {
    expect(unreachable(PLACE, coded('ENOTFOUND'))).toMatchObject({
      code: 'queue-unreachable',
      message: expect.stringContaining('no such host') as string,
    });
  });

  test('a server without connections left is not said to be silent, and its setting is named', () => {
    expect(awayWords(PLACE, coded('53300'))).toBe('PostgreSQL at db.example:5432 has no connection left (max_connections of its settings)');
    expect(unreachable(PLACE, coded('53300'))).toMatchObject({
      code: 'queue-unreachable',
      message: expect.stringContaining('max_connections') as string,
      fix: expect.stringContaining('raise that setting') as string,
    });
    expect(awayWords(PLACE, coded('ECONNREFUSED'))).toBe('PostgreSQL at db.example:5432 does not answer');
  });

  test('statements that stood in each other’s way are done again without a word', async () => {
    const errors = [coded('40P01'), coded('ECONNRESET')];
    const told: unknown[] = [];
    const act = (): Promise<string> => {
      const error = errors.shift();
      return error ? Promise.reject(error) : Promise.resolve('done');
    };
    expect(await persevere(act, { onAway: error => told.push((error as { code?: string }).code) })).toBe('done');
    expect(told).toEqual(['ECONNRESET']);
  });
});
