import type { Actor } from '../actor.js';
import { body, engine, machineAccount, person } from '../specification.js';

/** Everybody who tries something: people of both sides, a key, and Perennial itself. */
export const staff = {
  lea: person({ roles: ['lead-auditor'], organisation: body }),
  aud: person({ roles: ['auditor'], organisation: body }),
  pia: person({ roles: ['programme-manager'], organisation: body }),
  dom: person({ roles: ['decision-maker'], organisation: body }),
  /** A decision maker who was in the team of the audit. */
  eva: person({ id: 'per_dea', roles: ['decision-maker'], organisation: body }),
  sam: person({ id: 'per_sam', roles: ['scheme-administrator'], organisation: body }),
  sue: person({ id: 'per_sue', roles: ['scheme-administrator'], organisation: body }),
  /** A key of the body: it may prepare, and does nothing that a person must do. */
  bot: machineAccount({ id: 'key_bot', roles: ['programme-manager'], organisation: body }),
  dana: person({ roles: ['process-owner'] }),
  ana: person({ roles: ['aims-manager'] }),
  iris: person({ roles: ['internal-auditor'] }),
  /** Plans and audits internally, though never the same action. */
  olga: person({ id: 'per_olga', roles: ['process-owner', 'internal-auditor'] }),
  engine,
} satisfies Record<string, Actor>;

export type Name = keyof typeof staff;

export const names = Object.keys(staff).filter((name): name is Name => name in staff);
export const inTeam: readonly Name[] = ['lea', 'aud', 'eva'];

/** What somebody tries: who, what, to which of two findings, and the choices that some commands have. */
export interface Step {
  readonly does: string;
  readonly who: Name;
  /** 0 is a finding of the body, 1 one of the client's own; also which of two ids a draft of the certificate has. */
  readonly which: 0 | 1;
  readonly grade: 'major' | 'minor';
  readonly days: number;
  /** Days from today to the effect of a decision, or to the day to which its date is corrected. */
  readonly ahead: number;
  readonly item: string;
  readonly maker: 'dom' | 'eva';
}
