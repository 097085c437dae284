import { CannedRefusal, type Canned } from './canned.js';
import { BEGIN } from './session.js';

const SETTINGS = [
  {
    key: 'fees.taker',
    value: 0.00055,
    default: 0.00055,
    source: 'default',
    schema: { type: 'number', minimum: 0 },
    text: 'Fee of an order that takes, as a fraction of its notional.',
    editable: true,
  },
  {
    key: 'fees.maker',
    value: 0.0001,
    default: 0.0002,
    source: 'settings.json',
    schema: { type: 'number' },
    text: 'Fee of an order that rests.',
    editable: true,
  },
  {
    key: 'promotion.paperDays',
    value: 30,
    default: 30,
    source: 'default',
    schema: { type: 'integer', minimum: 1 },
    text: 'Days in paper before live.',
    editable: true,
  },
  {
    key: 'risk.dailyLossAction',
    value: 'halt',
    default: 'halt',
    source: 'quantai.config.ts',
    schema: { enum: ['halt', 'reduce'] },
    text: 'What a day of losses leads to.',
    editable: false,
  },
  {
    key: 'promotion.ramp.steps',
    value: [0.01, 0.1, 0.5, 1],
    default: [0.01, 0.1, 0.5, 1],
    source: 'default',
    schema: { type: 'array', items: { type: 'number', exclusiveMinimum: 0, maximum: 1 }, minItems: 1 },
    text: 'Shares of the approved size, ascending; the last is 1.',
    editable: true,
  },
  {
    key: 'capital',
    value: 100_000,
    default: 100_000,
    source: 'default',
    schema: { type: 'number', exclusiveMinimum: 0 },
    text: 'What a backtest begins with, in the settlement asset.',
    editable: true,
  },
  {
    key: 'slippage',
    value: { kind: 'volume-share', share: 0.1 },
    default: { kind: 'fixed', bps: 1 },
    source: 'settings.json',
    schema: { anyOf: [{ type: 'object' }, { type: 'string' }] },
    text: 'How far a price moves against an order that takes.',
    editable: true,
  },
  { key: 'telemetry', value: false, default: false, source: 'default', schema: { type: 'boolean' }, text: '', editable: true },
];

/** Settings, doctor, health. */
export const settings: Canned = {
  'settings.list': () => ({ settings: SETTINGS }),
  'settings.set': ({ body }) => {
    const found = SETTINGS.find(({ key }) => key === body.key);
    if (found === undefined)
      throw new CannedRefusal(400, 'unknown-setting', `There is no setting ${body.key}.`, 'quantai settings get lists them.');
    return { setting: { ...found, value: body.value ?? found.default, source: body.value === null ? 'default' : 'settings.json' } };
  },
  'settings.history': ({ empty }) => ({
    changes: empty ? [] : [{ at: BEGIN - 86_400_000, by: 'ana', key: 'fees.maker', before: 0.0002, after: 0.0001, reason: 'VIP tier' }],
  }),
  'system.health': () => ({ ok: true }),
  'system.doctor': () => ({
    ok: false,
    checks: [
      { name: 'Node', status: 'ok', text: 'v20.19.5', fix: null },
      { name: 'DuckDB', status: 'ok', text: '1.5.6', fix: null },
      { name: 'Jupyter', status: 'wrong', text: 'not found', fix: 'quantai notebook --install' },
      { name: 'TensorFlow', status: 'note', text: 'the WASM backend is used', fix: null },
    ],
  }),
  'system.openapi': () => ({ openapi: '3.1.0' }),
};
