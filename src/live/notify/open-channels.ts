import { usageError } from '../../errors.js';
import type { LiveClock } from '../live-clock.js';
import type { KeySet } from '../secrets/key-set.js';
import { Secret } from '../secrets/secret.js';
import { mailChannel } from './mail-channel.js';
import type { NoticeChannel } from './notice.js';
import type { NotifyConfig } from './notify-config.js';
import { telegramChannel } from './telegram-channel.js';
import { webhookChannel } from './webhook-channel.js';

/** Channels as they are configured, with their secrets out of the named sets. Throws a usage error where something is missing. */
export const openChannels = (
  { channels }: Pick<NotifyConfig, 'channels'>,
  keysOf: (name: string) => KeySet | undefined,
  clock: LiveClock,
): readonly NoticeChannel[] =>
  channels.map(channel => {
    const keys = channel.keys === undefined ? undefined : keysOf(channel.keys);
    if (channel.keys !== undefined && keys === undefined)
      throw usageError(
        'no-keys',
        `There are no keys "${channel.keys}" for notify.${channel.kind}.`,
        `Add them: quantai keys add ${channel.keys} --venue ${channel.kind}`,
      );
    switch (channel.kind) {
      case 'webhook': {
        const url = channel.url === undefined ? keys?.key : new Secret(channel.url);
        if (url === undefined || !/^https?:\/\//.test(url.reveal()))
          throw usageError(
            'bad-config',
            'A webhook has no address.',
            'Give it `url`, or keep the address as the key of the set that `keys` names.',
          );
        return webhookChannel({ url, signingKey: keys?.secret ?? null, clock });
      }
      case 'telegram':
        return telegramChannel({
          baseUrl: channel.baseUrl,
          token: keys?.secret ?? new Secret(''),
          chat: channel.chat ?? keys?.key.reveal() ?? '',
          clock,
        });
      case 'email':
        return mailChannel({
          host: channel.host,
          port: channel.port,
          secure: channel.secure,
          from: channel.from,
          to: channel.to,
          login: keys === undefined ? null : { user: keys.key, password: keys.secret },
        });
    }
  });
