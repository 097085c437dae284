import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { availableMargin } from '../../src/risk/available-margin.js';
import { LIMIT_NAMES } from '../../src/risk/change-limits.js';
import type { RiskLimits } from '../../src/risk/limits.js';
import type { RiskCheck } from '../../src/risk/risk-check.js';
import { riskRules, type RiskRules } from '../../src/risk/rules.js';
import { spotShort } from '../../src/risk/spot-short.js';
import { strategyBudget } from '../../src/risk/strategy-budget.js';
import { RISK_OPTIONS } from '../../src/commands/risk-options.js';
import { A, B, INSTRUMENTS, OFF, says, ticket, view, working } from './book.js';

const PAGE = fileURLToPath(new URL('../../docs/risk.md', import.meta.url));
const STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const;
const HOUR = 3_600_000;

/** Checks under a limit, and what the market did before. */
const ruled = (limits: Partial<RiskLimits>, before: (rules: RiskRules) => void = () => {}): readonly RiskCheck[] => {
  const rules = riskRules({
    limits: { ...OFF, ...limits },
    instruments: INSTRUMENTS,
    barMs: HOUR,
    tiersOf: () => [],
    now: () => 10 * HOUR,
  });
  before(rules);
  return rules.checks;
};

/** Each rule of the gate where it refuses an entry: 3 lots are held and 90 are to be bought. */
const GATES: Readonly<Record<string, readonly RiskCheck[]>> = {
  'max-order-notional': ruled({ maxOrderNotional: 1 }),
  'max-leverage': ruled({ maxLeverage: 1 }),
  'max-exposure': ruled({ maxExposure: 1 }),
  'price-collar': ruled({ priceCollar: 0.1 }),
  'max-position': ruled({ maxPosition: 1 }),
  'max-gross': ruled({ maxGross: 1 }),
  'max-net': ruled({ maxNet: 1 }),
  concentration: ruled({ maxConcentration: 0.5 }),
  'open-orders': ruled({ maxOpenOrders: 1 }),
  correlated: ruled({ maxCorrelated: 1 }),
  'margin-distance': ruled({ minMarginDistance: 0.9 }),
  volatility: ruled({ maxVolatility: 0.1, volatilityWindow: 2 }, ({ market }) =>
    [100, 200, 100, 200].forEach((price, i) => market.close(0, i * HOUR, price)),
  ),
  spread: ruled({ maxSpread: 1 }, ({ market }) => market.quoted(0, 90, 110)),
  'stale-data': ruled({ maxDataAge: 1 }),
  'order-rate': ruled({ maxOrderRate: 1 }, rules => rules.sent()),
  'insufficient-margin': [availableMargin({ leverageOf: () => 1, tiersOf: () => [] })],
  'strategy-budget': [strategyBudget('trend', { share: 1, notional: null }, () => view({ held: { [A]: 3 } }))],
};

const table = (): string => {
  const account = view({ held: { [A]: 3 }, orders: [working(B, 'buy', 1)] });
  const answer = (text: string): string => (text === 'approved' ? 'passes' : `\`${text}\``);
  const rows = Object.entries(GATES).map(([code, checks]) => {
    const limit = code === 'price-collar' ? 200 : null;
    const below = code === 'price-collar' ? 10 : null;
    const tickets = [
      ticket(A, 'buy', 90, { type: limit === null ? 'market' : 'limit', limit }),
      ticket(A, 'sell', 3, { type: below === null ? 'market' : 'limit', limit: below }),
      ticket(A, 'sell', 3, { type: below === null ? 'market' : 'limit', limit: below, reduceOnly: true }),
    ];
    const cells = STATES.map(state => tickets.map(each => answer(says(each, account, checks, state))).join(', '));
    return [`\`${code}\``, ...cells];
  });
  const lines = [['Rule', ...STATES], ['---', '---', '---', '---'], ...rows].map(cells => `| ${cells.join(' | ')} |`);
  return `<!-- gates -->\n\n${lines.join('\n')}\n\n<!-- /gates -->`;
};

describe('the page on risk', () => {
  const between = /<!-- gates -->[\s\S]*<!-- \/gates -->/;

  it('has what every gate answers in every state, as the gate answers it', () => {
    const page = readFileSync(PAGE, 'utf8');
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, page.replace(between, table()));
    else expect(between.exec(page)?.[0].replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---')).toBe(table());
  });

  it('each rule refuses the entry by its own code', () => {
    const account = view({ held: { [A]: 3 }, orders: [working(B, 'buy', 1)] });
    for (const [code, checks] of Object.entries(GATES))
      expect(says(ticket(A, 'buy', 90, { ...(code === 'price-collar' && { limit: 200 }) }), account, checks), code).toBe(code);
    // The one rule that refuses no purchase.
    expect(says(ticket(A, 'sell', 4), account, [spotShort([A])])).toBe('spot-short');
  });

  it('names every code of the gate, every setting and every option', () => {
    const page = readFileSync(PAGE, 'utf8');
    const folder = fileURLToPath(new URL('../../src/risk/', import.meta.url));
    const codes = readdirSync(folder)
      .flatMap(name => [...readFileSync(folder + name, 'utf8').matchAll(/code: '([a-z-]+)'/g)].map(match => match[1] ?? ''))
      .filter(code => !['calm', 'drift', 'drift-warning', 'reducing', 'halted', 'bad-risk-state', 'liquidated'].includes(code));
    expect(codes.length).toBeGreaterThan(20);
    for (const name of [...codes, ...LIMIT_NAMES]) expect(page, name).toContain(`\`${name}\``);
    for (const option of RISK_OPTIONS) expect(page, option).toMatch(new RegExp(`\`${option}[=\`]`));
  });
});
