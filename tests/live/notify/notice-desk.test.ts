import { describe, expect, it } from 'vitest';
import { channelQueue } from '../../../src/live/notify/channel-queue.js';
import { noticeDesk, type NoticeRate } from '../../../src/live/notify/notice-desk.js';
import { NoticeFailure, type Notice, type NoticeMessage } from '../../../src/live/notify/notice.js';
import { headline, plainText } from '../../../src/live/notify/notice-text.js';
import { redactor } from '../../../src/live/secrets/redactor.js';
import { Secret } from '../../../src/live/secrets/secret.js';
import { scriptedClock } from '../broker/scripted-venue.js';

const SOURCE = { account: 'main', venue: 'binanceusdm', mode: 'live', practice: true } as const;
const notice = (subject: string, change: Partial<Notice> = {}): Notice => ({
  subject,
  state: 'raised',
  level: 'warning',
  text: subject,
  ts: 0,
  ...change,
});

/** A desk with one channel that fails as the test wants. */
const desk = (rate?: NoticeRate) => {
  const time = scriptedClock();
  const sent: NoticeMessage[] = [];
  const at: number[] = [];
  const failures: Error[] = [];
  const logged: string[] = [];
  const made = noticeDesk({
    source: SOURCE,
    clock: time.clock,
    redact: redactor([new Secret('hunter2-hunter2')]),
    log: (text, fields) => logged.push(`${text} ${JSON.stringify(fields)}`),
    channels: [
      {
        name: 'test',
        send: message => {
          at.push(time.clock.monotonic());
          const failure = failures.shift();
          if (failure) return Promise.reject(failure);
          sent.push(message);
          return Promise.resolve();
        },
      },
    ],
    ...(rate && { rate }),
  });
  const subjects = (): string[][] => sent.map(({ notices }) => notices.map(({ subject }) => subject));
  return { time, desk: made, sent, at, failures, logged, subjects };
};

describe('notices', () => {
  it('say an alarm once while it is up, and again after it was over', async () => {
    const { time, desk: made, sent } = desk();
    for (let i = 0; i < 5; i++) made.post(notice('alarm:a'));
    made.post(notice('alarm:a', { state: 'cleared', level: 'info' }));
    made.post(notice('alarm:a'));
    await time.pass(1_000);
    expect(sent.flatMap(({ notices }) => notices.map(({ state }) => state))).toEqual(['raised', 'cleared', 'raised']);
  });

  it('repeat an alarm that is raised again after the time', async () => {
    const { time, desk: made, sent } = desk({ repeatMs: 60_000, burst: 5, everyMs: 1_000 });
    made.post(notice('alarm:a'));
    await time.pass(59_000);
    made.post(notice('alarm:a'));
    await time.pass(2_000);
    made.post(notice('alarm:a'));
    await time.pass(1_000);
    expect(sent).toHaveLength(2);
  });

  it('come together in one message when they are too many, critical ones not behind the others', async () => {
    const { time, desk: made, sent, subjects } = desk({ repeatMs: 0, burst: 2, everyMs: 60_000 });
    for (let i = 0; i < 50; i++) made.post(notice(`w${i}`));
    made.post(notice('bad', { level: 'critical' }));
    await time.pass(100);
    expect(subjects()).toEqual([['w0'], ['w1'], ['bad']]);
    await time.pass(61_000);
    expect(sent).toHaveLength(4);
    expect(sent[3]).toMatchObject({ omitted: 8, level: 'warning' });
    expect(sent[3]?.notices).toHaveLength(40);
    expect(plainText(sent[3] as NoticeMessage)).toContain('… and 8 more');
  });

  it('are tried again with doubling pauses and after the wait that the other side asks for', async () => {
    const { time, desk: made, sent, at, failures, logged } = desk();
    failures.push(new Error('down'), new Error('down'), new NoticeFailure('429', true, 30_000));
    made.post(notice('a'));
    await time.pass(60_000);
    expect(at).toEqual([0, 1_000, 3_000, 33_000]);
    expect(sent).toHaveLength(1);
    expect(logged).toHaveLength(3);
  });

  it('are not tried again when the answer is no', async () => {
    const { time, desk: made, sent, at, failures, logged } = desk();
    failures.push(new NoticeFailure('answered 404', false));
    made.post(notice('a'));
    made.post(notice('b'));
    await time.pass(60_000);
    expect(at).toHaveLength(2);
    expect(sent.map(({ notices }) => notices[0]?.subject)).toEqual(['b']);
    expect(logged[0]).toContain('"givenUp":true');
  });

  it('hold no secret', async () => {
    const { time, desk: made, sent, failures, logged } = desk();
    failures.push(new Error('cannot reach https://x/hunter2-hunter2'));
    made.post(notice('alarm:hunter2-hunter2', { text: `secret=abcdefgh ${Buffer.from('hunter2-hunter2').toString('base64')}` }));
    await time.pass(5_000);
    expect(sent).toHaveLength(1);
    expect(JSON.stringify([sent, logged])).not.toMatch(/hunter2|abcdefgh|aHVudGVyM/);
  });

  it('that wait leave when the session ends, and hold it up no longer than stated', async () => {
    const { time, desk: made, sent, failures } = desk({ repeatMs: 0, burst: 1, everyMs: 600_000 });
    made.post(notice('a'));
    made.post(notice('b'));
    await time.pass(100);
    const closed = made.close(5_000);
    await time.pass(100);
    await closed;
    expect(sent).toHaveLength(2);

    const hung = desk();
    hung.failures.push(...Array.from({ length: 20 }, () => new Error('down')));
    hung.desk.post(notice('a'));
    let isClosed = false;
    void hung.desk.close(5_000).then(() => (isClosed = true));
    await hung.time.pass(4_900);
    expect(isClosed).toBe(false);
    await hung.time.pass(200);
    expect(isClosed).toBe(true);
    expect(failures).toEqual([]);
  });

  it('of a channel that is down cost memory for a stated number, and the critical ones stay', async () => {
    const time = scriptedClock();
    const seen: NoticeMessage[] = [];
    let isDown = true;
    const queue = channelQueue(
      { name: 'x', send: message => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(void seen.push(message))) },
      time.clock,
      () => {},
      { firstMs: 10, longestMs: 10, attempts: 1e9, queue: 10 },
    );
    const message = (i: number): NoticeMessage => ({
      source: SOURCE,
      level: i % 10 === 0 ? 'critical' : 'info',
      notices: [notice(String(i))],
      omitted: 0,
    });
    for (let i = 0; i < 90; i++) queue.post(message(i));
    isDown = false;
    await time.pass(100);
    expect(seen).toHaveLength(10);
    expect(seen.filter(({ level }) => level === 'critical').map(({ notices }) => notices[0]?.subject)).toEqual([
      '0',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
    ]);
  });

  it('have a headline without line breaks, whatever the venue says', () => {
    const message: NoticeMessage = { source: SOURCE, level: 'critical', notices: [notice('alarm:x\r\nBcc: all@example.org')], omitted: 0 };
    expect(headline(message)).toBe('[CRITICAL] main, live on binanceusdm (PRACTICE): alarm:x Bcc: all@example.org raised');
  });
});
