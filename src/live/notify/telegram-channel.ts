import type { LiveClock } from '../live-clock.js';
import type { Secret } from '../secrets/secret.js';
import type { NoticeChannel } from './notice.js';
import { plainText } from './notice-text.js';
import { postJson } from './post-json.js';

/** Longest text of `sendMessage`, in characters. */
const LONGEST = 4_096;

/** A bot and whom it writes to. */
export interface TelegramOptions {
  /** `https://api.telegram.org`, or a server that speaks like it. */
  readonly baseUrl: string;
  readonly token: Secret;
  readonly chat: string;
  readonly clock: LiveClock;
  readonly timeoutMs?: number;
}

/** Telegram's `sendMessage`, as plain text: no mark-up that a venue's words could break. Notices for the record come without a sound. */
export const telegramChannel = ({ baseUrl, token, chat, clock, timeoutMs = 10_000 }: TelegramOptions): NoticeChannel => ({
  name: 'telegram',
  send: message => {
    const body = JSON.stringify({
      chat_id: chat,
      text: plainText(message, LONGEST),
      disable_notification: message.level === 'info',
      link_preview_options: { is_disabled: true },
    });
    return postJson(`${baseUrl.replace(/\/+$/, '')}/bot${token.reveal()}/sendMessage`, body, {}, { clock, timeoutMs });
  },
});
