import type { RunConfig } from '../engine/run-config.js';
import type { AuditLog } from '../promotion/audit/audit-log.js';
import type { ChosenStrategy } from './session-strategies.js';
import type { Workspace } from './workspace.js';

/** A session that is put together and asks to begin. */
export interface StartRequest {
  readonly workspace: Workspace;
  readonly log: AuditLog;
  /** Who asks, as the audit log names people. */
  readonly actor: string;
  readonly mode: 'paper' | 'live';
  readonly account: string;
  /** As the connection names it: on practice the venue that is played. */
  readonly venue: string;
  readonly practice: boolean;
  readonly sandbox: boolean;
  readonly strategies: readonly ChosenStrategy[];
  readonly config: RunConfig;
  /** What --budget said, by strategy; nothing for those that it did not name. */
  readonly budgets: Readonly<Record<string, number>>;
  readonly onProgress?: (done: number, total: number) => void;
}

/** One promoted strategy of a session. */
export interface PromotedStart {
  readonly strategy: string;
  readonly promotion: string;
  readonly stage: 'paper' | 'live';
  /** Full size, and the share of it that is traded now; settlement asset. */
  readonly size: number;
  readonly share: number;
  /** What the strategy may use: size × share. */
  readonly capital: number;
}

/** What a session may begin as. */
export interface StartPermit {
  /** True where nothing is promoted: it is evidence for nothing. */
  readonly rehearsal: boolean;
  readonly promoted: readonly PromotedStart[];
}

/** Lets a session begin or refuses it. */
export const startGate = async (request: StartRequest): Promise<StartPermit> => {
  await request.log.read();
  return { rehearsal: true, promoted: [] };
};
