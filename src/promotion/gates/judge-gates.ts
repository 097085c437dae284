import type { PromotableStage } from '../audit/audit-record.js';
import { alarmsGate } from './alarms.js';
import { causalityGate } from './causality.js';
import { costStressGate } from './cost-stress.js';
import { dataGate } from './data.js';
import { deflatedSharpeGate } from './deflated-sharpe.js';
import { drawdownGate } from './drawdown.js';
import type { GateConfig, LiveInputs, PaperInputs, RampInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { outOfSampleDaysGate } from './out-of-sample-days.js';
import { outOfSampleTradesGate } from './out-of-sample-trades.js';
import { outOfSampleGate } from './out-of-sample.js';
import { overfittingGate } from './overfitting.js';
import { paperDaysGate } from './paper-days.js';
import { paperTradesGate } from './paper-trades.js';
import { parametersGate } from './parameters.js';
import { parityGate } from './parity.js';
import { pinsGate } from './pins.js';
import { realityCheckGate } from './reality-check.js';
import { rehearsalGate } from './rehearsal.js';
import { riskLimitsGate } from './risk-limits.js';
import { riskStateGate } from './risk-state.js';
import { sameTermsGate } from './same-terms.js';
import { stepDaysGate } from './step-days.js';
import { stepParityGate } from './step-parity.js';
import { stepTradesGate } from './step-trades.js';
import { watchGate } from './watch.js';

const paperGates = (inputs: PaperInputs, { paper }: GateConfig): GateResult[] => {
  const { evidence, session } = inputs;
  return [
    outOfSampleGate(evidence),
    outOfSampleDaysGate(evidence, paper.days),
    outOfSampleTradesGate(evidence, paper.trades),
    deflatedSharpeGate(evidence, paper.deflatedSharpe),
    overfittingGate(evidence, paper.overfitting),
    realityCheckGate(evidence, paper.pValue),
    costStressGate(evidence, paper.costMultiple),
    causalityGate(evidence),
    drawdownGate(inputs, paper.drawdown),
    dataGate(inputs),
    riskLimitsGate(session),
    parametersGate(inputs),
    sameTermsGate(inputs),
  ];
};

const liveGates = (inputs: LiveInputs, config: GateConfig): GateResult[] => {
  const { live } = config;
  return [
    pinsGate(inputs),
    ...paperGates(inputs, config),
    paperDaysGate(inputs, live.days),
    paperTradesGate(inputs, live.trades),
    parityGate(inputs, { bps: live.parityBps, unexplained: live.unexplained }),
    alarmsGate(inputs),
    rehearsalGate('kill-switch', inputs, live.rehearsedDays),
    rehearsalGate('dead-man', inputs, live.rehearsedDays),
  ];
};

/** Nothing is known of it yet: every gate of live says so. */
const UNKNOWN = { paper: null, parity: null, alarms: null, rehearsals: null, pinFaults: null, now: 0 } as const;

/**
 * What each gate before a stage says, in the order in which they are told. Those of paper stand before live too, for another venue asks them anew; live without what only it looks at cannot tell. Why each limit:
 * docs/decisions/0030-gates-of-promotion.md.
 */
export const judgeGates = (stage: PromotableStage, inputs: PaperInputs | LiveInputs, config: GateConfig): readonly GateResult[] =>
  stage === 'paper' ? paperGates(inputs, config) : liveGates({ ...UNKNOWN, ...inputs }, config);

/** What each gate before the next step of capital says. */
export const judgeRamp = (inputs: RampInputs, { ramp, live }: GateConfig): readonly GateResult[] => [
  pinsGate(inputs),
  stepDaysGate(inputs, ramp.days),
  stepTradesGate(inputs, ramp.trades),
  watchGate(inputs),
  stepParityGate(inputs, { bps: live.parityBps, unexplained: live.unexplained }),
  alarmsGate(inputs),
  riskStateGate(inputs),
];
