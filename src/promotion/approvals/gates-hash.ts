import { createHash } from 'node:crypto';
import { canonicalJson } from '../../datasets/canonical-json.js';
import type { GateResult } from '../gates/gate.js';

/** SHA-256 of what the gates said, in their order: what a request is bound to. */
export const gatesHash = (results: readonly GateResult[]): string => createHash('sha256').update(canonicalJson(results)).digest('hex');
