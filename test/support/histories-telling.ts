import { civilDate } from '#domain/instant.js';
import type { Members, Script, ScriptAct } from '#rehearsal/play/script.js';
import { scriptIn } from './script-in.js';

/** The sample journey without the acts that are refused: those move nothing. */
export const sample = withSecondAdministrator(scriptIn('samples/customer-chat-assistant.yaml'));
export const asItWas: readonly ScriptAct[] = sample.acts.filter(({ refused }) => !refused);

/** A policy that one drafts is approved by another. */
function withSecondAdministrator(script: Script): Script {
  const saul = { name: 'Saul Reed', mail: 'saul@meridian.example', of: 'meridian' };
  return {
    ...script,
    people: { ...script.people, saul: { ...saul, roles: ['scheme-administrator'] } },
  };
}

export type More = Partial<Omit<ScriptAct, 'on' | 'does' | 'to'>>;

export const nothing = { line: 0, makes: [], with: {}, evidence: [], acknowledge: [] };
/** When, who, does what, to which thing. */
export type Told = readonly [on: string, who: string, does: string, to: string, more?: More];

export const act = (...[on, who, does, to, more = {}]: Told): ScriptAct => ({
  ...{ ...nothing, on: civilDate(on), who, does, to },
  ...more,
});
export const making = (...[on, who, does, under, more = {}]: Told): ScriptAct => ({
  ...{ ...nothing, on: civilDate(on), who, does, under },
  ...more,
});

export const isOf =
  (does: string, to?: string) =>
  (one: ScriptAct): boolean =>
    one.does === does && (to === undefined || one.to === to || one.makes.includes(to));

/** The acts of the sample up to the last one of this kind. */
export const until = (does: string, to?: string): readonly ScriptAct[] =>
  asItWas.slice(0, asItWas.findLastIndex(isOf(does, to)) + 1);

/** What the sample says somewhere, to be said on another day. */
export function again(does: string, to: string, on: string, more: More = {}): ScriptAct {
  const found = asItWas.find(isOf(does, to));
  if (!found) throw new Error(`the sample has no ${does} of ${to}`);
  return { ...found, on: civilDate(on), ...more };
}

/** The acts without those about this thing. */
export const without = (acts: readonly ScriptAct[], thing: string): readonly ScriptAct[] =>
  acts.filter(({ to, makes }) => to !== thing && !makes.includes(thing));

/** One course of a certification that differs from the sample. */
export const story = (name: string, ends: string, acts: readonly ScriptAct[]): Script => ({
  ...sample,
  ...{ name, ends: civilDate(ends), acts, expected: { stages: [], dates: [], reminders: [] } },
});

export const said = (text: string): Members => ({ text });
export const change = { change: 'aiSystem', description: 'Another language model answers' };
export const team = again('proposeTeam', 'stage1', '2026-12-02').with;
export const teamOfTwo: Members = {
  members: [
    { person: '$lena', function: 'lead' },
    { person: '$yuki', function: 'technicalExpert', under: '$lena' },
  ],
};
