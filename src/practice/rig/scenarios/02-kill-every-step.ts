import type { Scenario } from '../scenario.js';

/** Points of the way of an order, and of what comes back. */
const POINTS = [
  'disk:write',
  'disk:write:done',
  'disk:sync',
  'disk:sync:done',
  'send:submit',
  'sent:submit',
  'answer:submit',
  'event:execution',
  'event:order',
  'send:order',
  'answer:executions',
  'disk:append',
  'disk:publish',
] as const;

export const killEveryStep: Scenario = {
  number: 2,
  name: 'kill-every-step',
  inject: 'kill -9 before the intent is written, after it, after the send, after the answer, amid an append, on each event',
  expect: 'the restart resolves each intent: no second order, no lost fill',
  options: { activeMs: 300_000, restartMs: 1_000 },
  play: ({ at, host }) => POINTS.forEach((point, i) => at(20 + 20 * i, () => host.killWhen(passed => passed === point))),
  sometimes: [
    'kill:disk:write',
    'kill:disk:write:done',
    'kill:disk:sync',
    'kill:disk:sync:done',
    'kill:send:submit',
    'kill:sent:submit',
    'kill:answer:submit',
    'kill:event:execution',
  ],
  check: ({ host }) => (host.starts >= 9 ? [] : [`only ${host.starts} starts`]),
};
