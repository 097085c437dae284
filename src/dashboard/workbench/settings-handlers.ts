import type { z } from 'zod';
import type { WorkbenchHandlers } from '../api/endpoints.js';
import { settingsApi } from '../api/settings-api.js';
import type { Platform } from '../platform.js';

/** The answer of an endpoint is the document of its command. */
const documentOf = <T extends z.ZodType>(shape: T, document: unknown): z.output<T> => shape.parse(document);

/** JSON as one word that no parser takes for an option, or takes quotes off. */
const jsonWord = (value: unknown): string => ` ${JSON.stringify(value)}`;

/** Settings and the state of the computer, as the command line tells and changes them. */
export const settingsHandlers = ({
  ask,
}: Pick<Platform, 'ask'>): Pick<WorkbenchHandlers, 'settings.list' | 'settings.set' | 'settings.history' | 'system.doctor'> => ({
  'settings.list': async ({ caller }) => documentOf(settingsApi['settings.list'].answer, await ask(['settings', 'get'], caller.name)),
  'settings.set': async ({ caller, body: { key, value, reason } }) => {
    const because = reason.trim() === '' ? [] : [`--reason=${reason.trim()}`];
    const words = ['settings', 'set', key, value === null ? 'default' : jsonWord(value), ...because];
    return documentOf(settingsApi['settings.set'].answer, await ask(words, caller.name));
  },
  'settings.history': async ({ caller }) =>
    documentOf(settingsApi['settings.history'].answer, await ask(['settings', 'history'], caller.name)),
  'system.doctor': async ({ caller }) => documentOf(settingsApi['system.doctor'].answer, await ask(['doctor'], caller.name)),
});
