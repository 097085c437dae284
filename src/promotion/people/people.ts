import type { AuditRecord } from '../audit/audit-record.js';
import type { Role } from './role.js';

/** Somebody who works with this workspace, as the audit log tells it. */
export interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Base64 of the SPKI form; what this person's approvals are checked against. */
  readonly publicKey: string;
  /** Wall time of being added, epoch ms. */
  readonly since: number;
}

/** What one record changes about people. Records about others leave the map as it is. */
export const withPerson = (known: ReadonlyMap<string, Person>, { at, word }: AuditRecord): ReadonlyMap<string, Person> => {
  if (word.type === 'UserAdded') {
    const { user: name, roles, publicKey } = word;
    return new Map([...known, [name, { name, roles, publicKey, since: at }]]);
  }
  if (word.type === 'UserRemoved') return new Map([...known].filter(([name]) => name !== word.user));
  if (word.type !== 'UserRolesChanged' && word.type !== 'UserKeyChanged') return known;
  const person = known.get(word.user);
  if (person === undefined) return known;
  const changed = word.type === 'UserRolesChanged' ? { roles: word.roles } : { publicKey: word.publicKey };
  return new Map([...known, [word.user, { ...person, ...changed }]]);
};

/** Who works with this workspace after these records, by name, in the order of being added. Empty: nobody was ever set up, or all were removed, and one person has all roles. */
export const people = (records: readonly AuditRecord[]): ReadonlyMap<string, Person> =>
  records.reduce(withPerson, new Map<string, Person>());
