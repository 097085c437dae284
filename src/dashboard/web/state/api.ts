import { signal } from '@preact/signals';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf } from '../../api/endpoints.js';
import type { Me } from '../../api/me-api.js';
import { API_ROOT, ROUTES, type EndpointName } from '../../api/routes.js';
import type { Problem } from '../../api/shapes.js';

/** Who is logged in; null before it is known, or when nobody is. */
export const me = signal<Me | null>(null);

/** What the server, or the way to it, refused. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fix: string | null,
  ) {
    super(message);
  }
}

/** Any thrown thing as a refusal. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal(0, 'failed', error instanceof Error ? error.message : String(error), null);

/** Whether there was no answer at all. Pages say so already, and ask again when the stream is back. */
export const isUnreachable = ({ code }: Refusal): boolean => code === 'unreachable';

type Given<K extends EndpointName> = {
  readonly params?: ParamsOf<K>;
  readonly query?: QueryOf<K>;
  readonly body?: BodyOf<K>;
  readonly signal?: AbortSignal;
};

/** A question has its answer by then or gets none: a connection that was half open when the computer woke up says nothing for ever. What changes something waits as long as the server does. */
const ANSWER_MS = 60_000;

/** Asks the API. Throws a `Refusal` with the server's sentence and fix; a session that has ended takes `me` away, which brings the login. */
export const call = async <K extends EndpointName>(name: K, { params, query, body, signal: stop }: Given<K> = {}): Promise<AnswerOf<K>> => {
  const [method = 'GET', route = ''] = ROUTES[name].split(' ');
  const path = route.replace(/:(\w+)/g, (_, word: string) => encodeURIComponent(String((params as Record<string, unknown>)[word])));
  const words = new URLSearchParams();
  for (const [word, value] of Object.entries((query ?? {}) as Record<string, unknown>))
    if (value !== undefined) words.set(word, String(value));
  const address = `${API_ROOT}${path}${words.size > 0 ? `?${words.toString()}` : ''}`;
  const signals = [...(stop ? [stop] : []), ...(method === 'GET' ? [AbortSignal.timeout(ANSWER_MS)] : [])];
  const hasBody = method !== 'GET' && body !== undefined;
  const [answer, text] = await fetch(address, {
    method,
    headers: {
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && me.value !== null && { 'x-csrf-token': me.value.csrf }),
    },
    ...(hasBody && { body: JSON.stringify(body) }),
    signal: AbortSignal.any(signals),
  })
    // The way to the server may be cut in the middle of what it says.
    .then(async got => [got, await got.text()] as const)
    .catch((error: unknown) => {
      if (stop?.aborted === true) throw error;
      throw new Refusal(0, 'unreachable', 'The server does not answer.', 'Is quantai dashboard still running?');
    });
  if (answer.ok) return (text === '' ? {} : JSON.parse(text)) as AnswerOf<K>;
  let problem: Problem['error'] = { code: 'failed', message: `The server answered ${answer.status}.`, fix: null };
  try {
    problem = (JSON.parse(text) as Problem).error;
  } catch {
    // What is between us and the server may answer with a page.
  }
  if (answer.status === 401 && me.value !== null) me.value = null;
  throw new Refusal(answer.status, problem.code, problem.message, problem.fix);
};
