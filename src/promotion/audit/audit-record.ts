import type { ApprovalRequest } from '../approvals/approval-request.js';
import type { GateResult } from '../gates/gate.js';
import type { Role } from '../people/role.js';
import type { PinFault } from '../pins/pin-fault.js';

/** Where a session trades, as every record about one names it. Nothing of a practice account counts for a real venue. */
export interface AuditedPlace {
  readonly account: string;
  readonly venue: string;
  readonly practice: boolean;
}

/**
 * What the audit log says happened: the smallest truth about it. Who has which role, what is promoted how far and what waits for approval are folds of these words, never kept beside them.
 */
export type AuditWord =
  // People
  | { readonly type: 'UserAdded'; readonly user: string; readonly roles: readonly Role[]; readonly publicKey: string }
  | { readonly type: 'UserRolesChanged'; readonly user: string; readonly roles: readonly Role[] }
  | { readonly type: 'UserKeyChanged'; readonly user: string; readonly publicKey: string }
  | { readonly type: 'UserRemoved'; readonly user: string }
  // What people ask for. Secrets are never among `words`.
  | { readonly type: 'CommandGiven'; readonly verb: string; readonly words: readonly string[] }
  | { readonly type: 'CommandDenied'; readonly verb: string; readonly code: string; readonly text: string }
  /** A setting of the workspace, values as JSON; `null` is not set. */
  | { readonly type: 'SettingSet'; readonly key: string; readonly before: string; readonly after: string; readonly reason: string }
  // Promotion
  | {
      readonly type: 'CandidateNamed';
      readonly promotion: string;
      readonly strategy: string;
      readonly run: string;
      /** SHA-256 of `promotions/<promotion>/pins.json`. */
      readonly pins: string;
    }
  | {
      readonly type: 'GatesJudged';
      readonly promotion: string;
      readonly to: PromotableStage | 'ramp';
      readonly results: readonly GateResult[];
    }
  /** `signature` is that of the one who asks, over the request's canonical text; base64. Null where no users are set up. */
  | { readonly type: 'ApprovalRequested'; readonly request: ApprovalRequest; readonly signature?: string | null }
  /** `signature` is that of the approver's key over the request's canonical text; base64. */
  | { readonly type: 'ApprovalGiven'; readonly request: string; readonly signature: string }
  | { readonly type: 'ApprovalRefused'; readonly request: string; readonly code: string; readonly text: string }
  | {
      readonly type: 'GateOverridden';
      readonly promotion: string;
      readonly gate: string;
      readonly reason: string;
      /** Approval by which it holds. */
      readonly request: string;
    }
  | ({
      readonly type: 'StageEntered';
      readonly promotion: string;
      readonly stage: PromotableStage;
      /** Full size in the settlement asset; what is traded is `share` of it. */
      readonly size: number;
      readonly share: number;
      /** Approval by which it was entered; null where none was asked for. */
      readonly request: string | null;
    } & AuditedPlace)
  | {
      readonly type: 'StageLeft';
      readonly promotion: string;
      readonly to: 'demoted' | 'retired';
      readonly code: string;
      readonly text: string;
    }
  | {
      readonly type: 'RampStepped';
      readonly promotion: string;
      readonly from: number;
      readonly to: number;
      readonly code: string;
      readonly text: string;
      /** Approval of a step up; null for a step down, which needs nobody. */
      readonly request: string | null;
    }
  | {
      readonly type: 'LineageRecorded';
      readonly promotion: string;
      readonly kind: 'dataset' | 'checkpoint';
      readonly from: string;
      readonly to: string;
      /** The recipe that both were made by; null where there is none. */
      readonly recipe: string | null;
    }
  // Sessions
  | ({
      readonly type: 'SessionBegun';
      readonly mode: 'paper' | 'live';
      readonly epoch: number;
      readonly manifest: string;
      /** Promotions that it trades; empty for a rehearsal, which is evidence for nothing. */
      readonly promotions: readonly string[];
    } & AuditedPlace)
  | ({
      readonly type: 'SessionRefused';
      readonly mode: 'paper' | 'live';
      readonly strategy: string;
      readonly code: string;
      readonly text: string;
      readonly faults: readonly PinFault[];
    } & AuditedPlace)
  | ({ readonly type: 'SessionEnded'; readonly epoch: number; readonly code: string; readonly text: string } & AuditedPlace)
  | ({
      readonly type: 'RiskChanged';
      readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED';
      readonly code: string;
      readonly text: string;
      readonly by: string;
    } & AuditedPlace)
  | ({
      readonly type: 'LimitChanged';
      readonly path: string;
      readonly before: string;
      readonly after: string;
      readonly direction: 'tighter' | 'looser' | 'other';
      readonly by: string;
      readonly reason: string;
    } & AuditedPlace)
  | ({ readonly type: 'AlarmChanged'; readonly code: string; readonly raised: boolean; readonly text: string } & AuditedPlace)
  | ({
      readonly type: 'Rehearsed';
      readonly what: 'kill-switch' | 'dead-man';
      readonly sandbox: boolean;
      readonly passed: boolean;
      /** From the order to stop until the venue had nothing of ours open, market ms; null where it never came to that. */
      readonly tookMs: number | null;
      readonly text: string;
    } & AuditedPlace)
  // After promotion
  | ({
      readonly type: 'ParityCertified';
      /** Null for a session that trades no promotion. */
      readonly promotion: string | null;
      readonly strategy: string;
      readonly from: number;
      readonly to: number;
      /** SHA-256 of the certificate's file. */
      readonly certificate: string;
      readonly passed: boolean;
      readonly sentence: string;
    } & AuditedPlace)
  | ({
      readonly type: 'ExpectationJudged';
      readonly promotion: string;
      readonly monitor: string;
      readonly verdict: 'inside' | 'alarm';
      readonly sentence: string;
    } & AuditedPlace)
  | {
      readonly type: 'ModelProposed';
      readonly promotion: string;
      readonly file: string;
      readonly sha256: string;
      readonly sentence: string;
    }
  // The log itself
  | {
      readonly type: 'Anchored';
      readonly place: string;
      /** Last record that the anchor was told of, and its hash. */
      readonly anchored: number;
      readonly head: string;
      /** Records that had not reached the anchor before, such as while it could not be reached. */
      readonly lagged: number;
    };

/** What a strategy can be promoted to. */
export type PromotableStage = 'paper' | 'live';

/** One link of the chain. `hash` is the SHA-256 of the canonical JSON of everything else in it; `prev` is the hash of the record before, 64 zeros for the first. */
export interface AuditRecord {
  /** From 0, without gaps. */
  readonly seq: number;
  /** Wall time, epoch ms UTC. */
  readonly at: number;
  /** User, or the user of the operating system where no users are set up; `session:<account>` and `watchdog:<account>` for what nobody asked for. */
  readonly actor: string;
  readonly word: AuditWord;
  readonly prev: string;
  readonly hash: string;
}
