import { verdicts } from '../verdict.js';

/** Bybit v5 `retCode`s by what may be concluded; what is not listed is a refusal. Source: Bybit v5 documentation, "Error codes" (2025). */
export const BYBIT_VERDICTS = verdicts([
  ['ambiguous', 'unknown-outcome', 10000, 10016, 10019, 170007, 170032, 170146, 170147],
  ['limited', 'rate-limit', 10006, 10018, 10429, 170005, 20003],
  ['clock', 'timestamp', 10002],
  ['unauthorised', 'key', 10003, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 10029, 33004],
  ['unauthorised', 'signature', 10004],
  ['absent', 'no-such-order', 110001, 170213],
  ['refused', 'order-over', 110008, 110010, 170139, 170142],
  ['refused', 'duplicate', 110030, 110072, 10014, 12141],
  ['refused', 'margin', 110004, 110006, 110007, 110012, 110014, 110044, 110045, 110051, 110052, 110053, 170131],
  ['refused', 'would-liquidate', 110011, 110039, 110040],
  ['refused', 'leverage', 110013, 110016],
  ['refused', 'too-many-orders', 110009, 110020],
  ['refused', 'would-trigger', 110092, 110093],
  ['refused', 'reduce-only', 110017, 110034],
  ['refused', 'min-notional', 110094, 170140],
  ['refused', 'price-band', 110003, 170132, 170133, 170192, 170193, 170194],
  ['refused', 'off-grid', 12137, 170134, 170137],
  ['refused', 'quantity', 170124, 170135, 170136],
  ['refused', 'not-trading', 110023, 110042, 110063, 110066, 110074],
  ['refused', 'no-change', 110025, 110026, 110027, 110043],
]);
