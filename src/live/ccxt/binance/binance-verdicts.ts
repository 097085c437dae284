import { verdicts } from '../verdict.js';

/**
 * Binance USDⓈ-M error codes by what may be concluded. What is not listed is a refusal when it comes with an HTTP status of 4xx, and says nothing with a 5xx. Source: Binance derivatives documentation, "Error codes"
 * (2025), and its note on HTTP 503, -1006 and -1007: the state of the order is unknown.
 */
export const BINANCE_VERDICTS = verdicts([
  ['ambiguous', 'unknown-outcome', -1000, -1001, -1004, -1006, -1007, -1008],
  ['unavailable', 'closing-down', -1016],
  ['limited', 'rate-limit', -1003, -1015, -1034],
  ['clock', 'timestamp', -1021, -5028],
  ['unauthorised', 'key', -1002, -2014, -2015, -2017],
  ['unauthorised', 'signature', -1022],
  ['absent', 'no-such-order', -2011, -2013],
  ['refused', 'duplicate', -4015, -4116, -4111],
  ['refused', 'margin', -2018, -2019, -4050, -4051],
  ['refused', 'margin', -2024, -4044, -4045],
  ['refused', 'would-liquidate', -2023],
  ['refused', 'leverage', -2027, -2028, -4028],
  ['refused', 'too-many-orders', -2025],
  ['refused', 'would-trigger', -2021],
  ['refused', 'reduce-only', -2022, -2026, -4118, -4112],
  ['refused', 'post-only', -5022],
  ['refused', 'fill-or-kill', -5021],
  ['refused', 'min-notional', -4164],
  ['refused', 'price-band', -4001, -4002, -4006, -4013, -4016, -4024, -4131, -4184],
  ['refused', 'off-grid', -1111, -4014, -4023, -4025, -4029, -4030],
  ['refused', 'quantity', -4003, -4004, -4005],
  ['refused', 'symbol', -1121, -4141],
  ['refused', 'not-trading', -4108, -4109, -4140, -4087, -4088],
  ['refused', 'position-side', -4060, -4061, -4062],
  ['refused', 'unsupported', -4120, -4110, -1116, -1106, -2020],
  ['refused', 'no-change', -4046, -4059, -5027],
  ['refused', 'listen-key', -1125],
]);
