import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pino } from 'pino';
import type { Fact } from '../events/fact.js';
import { healthServer, type HealthServer } from '../live/health/health-server.js';
import { sessionMetrics } from '../live/health/session-metrics.js';
import type { LiveSession } from '../live/session/live-session.js';
import { sessionStatus, type StatusScope } from '../live/session/session-status.js';
import type { Redactor } from '../live/secrets/redactor.js';
import { rollingLog, type RollingOptions } from './rolling-log.js';

/** Lines below it are left out. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The log of a session: one JSON object a line, secrets taken out. */
export interface SessionLog {
  readonly path: string;
  fact(fact: Fact): void;
  line(level: LogLevel, text: string, fields: Readonly<Record<string, unknown>>): void;
  /** `/health` and `/metrics` on this port of 127.0.0.1. */
  serve(port: number, session: LiveSession, scope: () => StatusScope): Promise<HealthServer>;
  close(): Promise<void>;
}

export interface SessionLogOptions extends RollingOptions {
  readonly level?: LogLevel;
}

/** What deserves more than a line of information, and what is only read when something is looked for. */
const levelOf = (fact: Fact): LogLevel => {
  switch (fact.type) {
    case 'AlarmRaised':
      return fact.severity === 'critical' ? 'error' : 'warn';
    case 'OrderRejected':
    case 'OrderUnknown':
    case 'IntentDenied':
    case 'GapFound':
    case 'DataQuarantined':
    case 'PositionAdopted':
    case 'ExternalFilled':
      return 'warn';
    case 'Reconciled':
      return fact.differences > 0 ? 'warn' : 'debug';
    default:
      return 'info';
  }
};

/** Said in front of the fact, or the same in every line. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'type',
  'seq',
  'ts',
  'strategy',
  'version',
  'knownAt',
  'account',
  'correlationId',
  'causationId',
]);

/** Opens the log. What it is given passes the redactor first. */
export const sessionLog = async (
  path: string,
  redact: Redactor,
  { level = 'info', ...rolling }: SessionLogOptions = {},
): Promise<SessionLog> => {
  await mkdir(dirname(path), { recursive: true });
  const destination = rollingLog(path, rolling);
  const log = pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const counts = new Map<string, number>();
  return {
    path,
    fact: fact => {
      counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
      const at = levelOf(fact);
      if (!log.isLevelEnabled(at)) return;
      const { type, seq, ts, strategy } = fact;
      const body = Object.fromEntries(Object.entries(fact).filter(([name]) => !ENVELOPE.has(name)));
      log[at]({ type, seq, ts, ...(strategy === '' ? {} : { strategy }), fact: redact.value(body) }, type);
    },
    line: (at, text, fields) => log[at](redact.value(fields) as object, redact.text(text)),
    serve: (port, session, scope) =>
      healthServer(port, {
        health: () => sessionStatus(session, scope()),
        metrics: () => sessionMetrics(sessionStatus(session, scope()), counts),
      }),
    close: () => destination.close(),
  };
};
