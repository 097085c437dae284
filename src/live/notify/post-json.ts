import type { LiveClock } from '../live-clock.js';
import { NoticeFailure } from './notice.js';

/** Answers are read for `retry_after` only. */
const LONGEST_ANSWER = 4_096;

const secondsIn = (text: string | null): number | null => {
  const seconds = Number(text ?? '');
  return text !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
};

/** Telegram says it in the body, everybody else in a header. */
const waitIn = (header: string | null, body: string): number | null =>
  secondsIn(header) ?? secondsIn(/"retry_after"\s*:\s*(\d+)/.exec(body)?.[1] ?? null);

/** POSTs JSON text. Resolves on 2xx; throws a `NoticeFailure` that quotes neither address nor answer, which may hold secrets. Redirects are not followed: what is sent is meant for one host. */
export const postJson = async (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { clock, timeoutMs }: { readonly clock: LiveClock; readonly timeoutMs: number },
): Promise<void> => {
  const abort = new AbortController();
  const cancel = clock.after(timeoutMs, () => abort.abort());
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'quantai-trad', ...headers },
      body,
      redirect: 'manual',
      signal: abort.signal,
    });
    const text = (await answer.text()).slice(0, LONGEST_ANSWER);
    if (answer.ok) return;
    const isWorthAnother = answer.status >= 500 || answer.status === 408 || answer.status === 429;
    throw new NoticeFailure(`answered ${answer.status}`, isWorthAnother, waitIn(answer.headers.get('retry-after'), text));
  } catch (error) {
    if (error instanceof NoticeFailure) throw error;
    if (abort.signal.aborted) throw new NoticeFailure(`no answer in ${timeoutMs} ms`, true);
    const cause = error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : 'failed';
    throw new NoticeFailure(`could not be reached (${cause})`, true);
  } finally {
    cancel();
  }
};
