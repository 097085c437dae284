import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/dashboard/web/state/api.js';
import { askAgain } from '../../../src/dashboard/web/state/ask-again.js';

/** A server that answers when it is told to, and what was heard of it. */
const slowServer = () => {
  const requests: { readonly signal: AbortSignal; readonly answer: (value: number) => void; readonly refuse: (error: Error) => void }[] =
    [];
  const heard: number[] = [];
  const refused: string[] = [];
  const asking = askAgain<number>(
    signal => new Promise((answer, refuse) => requests.push({ signal, answer, refuse })),
    value => heard.push(value),
    ({ message }) => refused.push(message),
  );
  return { requests, heard, refused, ...asking };
};

const settled = () => new Promise(done => setTimeout(done));

describe('asking again', () => {
  it('waits for an answer that takes longer than the time between two askings, and asks once more behind it', async () => {
    const { requests, heard, again } = slowServer();
    for (let turn = 0; turn < 5; turn++) again();
    expect(requests).toHaveLength(1);
    expect(requests[0]!.signal.aborted).toBe(false);
    requests[0]!.answer(1);
    await settled();
    expect(heard).toEqual([1]);
    expect(requests).toHaveLength(2);
    requests[1]!.answer(2);
    await settled();
    expect(heard).toEqual([1, 2]);
    expect(requests).toHaveLength(2);
  });

  it('asks at once where nothing is on its way', async () => {
    const { requests, again } = slowServer();
    requests[0]!.answer(1);
    await settled();
    again();
    expect(requests).toHaveLength(2);
  });

  it('goes on after a refusal', async () => {
    const { requests, heard, refused, again } = slowServer();
    again();
    requests[0]!.refuse(new Refusal(500, 'failed', 'The journal cannot be read.', null));
    await settled();
    requests[1]!.answer(2);
    await settled();
    expect(refused).toEqual(['The journal cannot be read.']);
    expect(heard).toEqual([2]);
  });

  it('gives up what is on its way when it is stopped, and hears and asks nothing afterwards', async () => {
    const { requests, heard, refused, again, stop } = slowServer();
    again();
    stop();
    expect(requests[0]!.signal.aborted).toBe(true);
    requests[0]!.answer(1);
    await settled();
    again();
    await settled();
    expect([heard, refused, requests.length]).toEqual([[], [], 1]);
  });
});
