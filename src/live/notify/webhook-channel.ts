import { createHmac } from 'node:crypto';
import type { LiveClock } from '../live-clock.js';
import type { Secret } from '../secrets/secret.js';
import type { NoticeChannel } from './notice.js';
import { headline, plainText } from './notice-text.js';
import { postJson } from './post-json.js';

/** Where a webhook goes. */
export interface WebhookOptions {
  /** Secret as a whole: many services put their token into it. */
  readonly url: Secret;
  /** Signs what is sent; null leaves it unsigned. */
  readonly signingKey: Secret | null;
  readonly clock: LiveClock;
  readonly timeoutMs?: number;
}

/**
 * POSTs `{text, headline, level, account, venue, mode, practice, notices, omitted}`; `text` alone is what chat services show. With a key, the header `x-quantai-signature` is `t=<epoch s>,v1=<hex>`, the HMAC-SHA256
 * of `<t>.<body>`: the receiver refuses old times and so replays.
 */
export const webhookChannel = ({ url, signingKey, clock, timeoutMs = 10_000 }: WebhookOptions): NoticeChannel => ({
  name: 'webhook',
  send: message => {
    const { source, level, notices, omitted } = message;
    const body = JSON.stringify({ text: plainText(message), headline: headline(message), level, ...source, notices, omitted });
    const at = Math.floor(clock.wall() / 1000);
    const headers: Record<string, string> = {};
    if (signingKey !== null) {
      const mac = createHmac('sha256', signingKey.reveal()).update(`${at}.${body}`).digest('hex');
      headers['x-quantai-signature'] = `t=${at},v1=${mac}`;
    }
    return postJson(url.reveal(), body, headers, { clock, timeoutMs });
  },
});
