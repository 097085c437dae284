import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../errors.js';
import type { AuditedPlace, AuditRecord } from '../promotion/audit/audit-record.js';
import type { ApprovalRequest } from '../promotion/approvals/approval-request.js';
import type { GateSession } from '../promotion/gates/gate-inputs.js';
import type { GateResult } from '../promotion/gates/gate.js';
import { judgeGates, judgeRamp } from '../promotion/gates/judge-gates.js';
import { checkPins, readPins } from '../promotion/pins/check-pins.js';
import type { PinFault } from '../promotion/pins/pin-fault.js';
import type { Pins } from '../promotion/pins/pins.js';
import { promotionFolder } from '../promotion/promotion-folder.js';
import type { PromotionState } from '../promotion/promotion-state.js';
import { liveGateInputs, paperGateInputs, rampGateInputs } from './gate-inputs.js';
import { promotedSubject } from './pinned-subject.js';
import type { PromoteContext } from './promote-context.js';

/** A promotion with what is kept of it. */
export interface KeptPromotion {
  readonly state: PromotionState;
  readonly folder: string;
  readonly pins: Pins;
  /** Effective configuration of its sessions. */
  readonly config: GateSession['config'];
  readonly faults: readonly PinFault[];
}

/** A promotion as its folder has it, and everything that is not as it was. Throws when not even its pins can be read. */
export const keptPromotion = async ({ workspace }: PromoteContext, state: PromotionState): Promise<KeptPromotion> => {
  const folder = promotionFolder(workspace.root, state.id);
  const place = { root: workspace.root, folder, recorded: state.pins };
  const pins = await readPins(place);
  if (!('version' in pins)) throw usageError('altered', pins.text, 'Put back what was written there.');
  const faults = await checkPins(place, await promotedSubject(workspace, pins, folder));
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as GateSession['config'];
  return { state, folder, pins, config, faults };
};

/** What is to be judged: the gates before a step, at a place. */
export interface JudgedStep {
  readonly kept: KeptPromotion;
  readonly action: ApprovalRequest['action'];
  readonly place: AuditedPlace;
  /** Share of the size that would be traded. */
  readonly share: number;
  readonly records: readonly AuditRecord[];
}

/** What the gates before a step say now. */
export const gatesNow = async (
  { workspace, settings }: PromoteContext,
  { kept, action, place, share, records }: JudgedStep,
): Promise<readonly GateResult[]> => {
  const { pins, config, folder, state, faults } = kept;
  const subject = { workspace, pins, config, place, evidence: join(folder, 'evidence.json') };
  const live = { ...subject, promotion: state, records, pinFaults: faults, now: Date.now() };
  if (action === 'paper') return judgeGates('paper', await paperGateInputs(subject), settings.promotion);
  if (action === 'live') return judgeGates('live', await liveGateInputs(live), settings.promotion);
  const inputs = await rampGateInputs(live, share);
  if (inputs === null) throw usageError('not-live', `${state.id} is not live.`, 'The ramp begins with --to live.');
  return judgeRamp(inputs, settings.promotion);
};
