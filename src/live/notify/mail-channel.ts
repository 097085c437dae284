import type { Transporter } from 'nodemailer';
import type { Secret } from '../secrets/secret.js';
import { NoticeFailure, type NoticeChannel } from './notice.js';
import { headline, plainText } from './notice-text.js';

/** A mail server and who writes to whom. */
export interface MailOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 465). Otherwise STARTTLS, which is required as soon as a password is sent to another machine. */
  readonly secure: boolean;
  readonly from: string;
  readonly to: readonly string[];
  /** Null for a server that asks for none. */
  readonly login: { readonly user: Secret; readonly password: Secret } | null;
  readonly timeoutMs?: number;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

/** E-mail by SMTP. A refusal for good (5xx) is not tried again. The text of a server's refusal is not quoted: it may repeat the login. */
export const mailChannel = ({ host, port, secure, from, to, login, timeoutMs = 20_000 }: MailOptions): NoticeChannel => {
  let transporter: Transporter | null = null;
  const opened = async (): Promise<Transporter> => {
    if (transporter !== null) return transporter;
    const { createTransport } = await import('nodemailer');
    transporter = createTransport({
      host,
      port,
      secure,
      requireTLS: login !== null && !secure && !LOOPBACK.has(host),
      ...(login !== null && { auth: { user: login.user.reveal(), pass: login.password.reveal() } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return transporter;
  };
  return {
    name: 'email',
    send: async message => {
      try {
        await (await opened()).sendMail({ from, to: [...to], subject: headline(message), text: plainText(message) });
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
        const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : NaN;
        throw new NoticeFailure(`mail was not taken (${code}${Number.isNaN(status) ? '' : ` ${status}`})`, !(status >= 500));
      }
    },
    close: () => transporter?.close(),
  };
};
