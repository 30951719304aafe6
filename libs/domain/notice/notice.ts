import { isRoleCode, rolesOn, sideOf, type Id, type Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Context,
  type Event,
  type Evolvers,
  type Machine,
  type Opening,
  type Thing,
} from '../machine.js';
import { actorOfPerson } from '../person/person.js';
import { isPerson } from '../person/facts.js';
import { programmeOf } from '../programme/parties.js';
import { levelOf, type Level } from '../obligation.js';
import { isOpenTask, taskEscalated } from '../task/facts.js';
import { queueFor, queueOwner } from '../task/queue.js';

/** A reminder or escalation to people, sent once for each step of a ladder. (SUP-0, I-33) */
export interface Notice extends Thing {
  readonly kind: 'notice';
  readonly obligation: string;
  readonly due?: CivilDate;
  /** The steps of the ladder that it covers: one, or those that were missed together. */
  readonly rungs: readonly string[];
  readonly to: readonly Role[];
  readonly people: readonly Id[];
  readonly late: boolean;
  /** Of a late one: the day of the first reminder that was missed. Late notices go out in the order of these days. */
  readonly missedOn?: CivilDate;
  /** Of its people those who get it later: at the end of their quiet hours, or in a digest. */
  readonly later?: readonly Id[];
}

/** What a process asks to be sent. */
export interface SendNotice {
  readonly obligation: string;
  readonly due: CivilDate;
  readonly rungs: readonly string[];
  readonly to: readonly Role[];
  /** True when steps were missed on the way, in an outage for instance. */
  readonly late: boolean;
  /** The day of the first step that was missed. */
  readonly missedOn?: CivilDate;
}

/**
 * What came of a notice that was ordered: how it went out, to whom of its people later, and to whom not; or that nobody needs it
 * any more; or the answer by which the mail server will never take it.
 */
export type RecordDelivery =
  | {
      readonly through?: 'mail' | 'catcher';
      readonly unreached?: readonly Id[];
      readonly later?: readonly Id[];
    }
  | { readonly outdated: true }
  | { readonly answer: number };

/** A series of reminders whose obligation is met or gone. */
export interface WithdrawNotices {
  readonly obligation: string;
}

type Content = Pick<Notice, 'obligation' | 'rungs' | 'to' | 'people' | 'late' | 'missedOn'> & {
  readonly due: CivilDate;
};

interface WentOut {
  readonly through: 'mail' | 'catcher';
  readonly unreached?: readonly Id[];
  readonly later?: readonly Id[];
}

interface NoticeEvents {
  'notice.ordered': Content;
  'notice.sent': Content | WentOut;
  'notice.late': Content | WentOut;
  'notice.failed': { answer: number };
  'notice.withdrawn': { obligation: string };
}

const notice = recorder<NoticeEvents>('notice');

const evolve: Evolvers<Notice, NoticeEvents> = {
  'notice.ordered': (state, { data }) => ({ ...state, ...data, stage: 'ordered' }),
  'notice.sent': (state, { data }) => ({ ...state, ...data, stage: 'sent' }),
  'notice.late': (state, { data }) => ({ ...state, ...data, stage: 'late' }),
  'notice.failed': (state) => ({ ...state, stage: 'failed' }),
  'notice.withdrawn': (state, { data }) => ({ ...state, ...data, stage: 'withdrawn' }),
};

const isOfBody = (role: Role): boolean => sideOf(role) === 'certificationBody';

/** Who holds one of the roles today, on the side of the programme to which that role belongs. */
function recipients(roles: readonly Role[], about: Thing, { things, today }: Context): readonly Id[] {
  const programme = programmeOf(about);
  const holders = things.filter(isPerson).filter((person) => {
    const held = rolesOn(actorOfPerson(person, []), today, programme);
    return roles.some(
      (role) => held.includes(role) && queueOwner(role, about, things) === person.organisation,
    );
  });
  return holders.map(({ id }) => id);
}

/** A notice to one side belongs to that side; one to both is seen by both. */
function belonging(to: readonly Role[], about: Thing, { things }: Context): Opening {
  const programme = programmeOf(about);
  const [first = 'observer'] = to;
  const oneSided = to.every((role) => sideOf(role) === sideOf(first));
  return {
    organisation: oneSided ? queueOwner(first, about, things) : about.organisation,
    about: about.id,
    visibility: oneSided ? 'owner' : 'both',
    ...(programme === undefined ? {} : { programme }),
  };
}

/** A notice about a thing on its way out; in a sandbox nothing leaves, and it has gone out. */
export function ordered(
  id: Id,
  { to: roles, ...reminder }: SendNotice,
  about: Thing,
  context: Context,
): Event {
  const to = [...new Set(roles.map((role) => queueFor(role, about, context.things)))];
  const content = { ...reminder, to, people: recipients(to, about, context) };
  const type = context.sandbox ? (reminder.late ? 'notice.late' : 'notice.sent') : 'notice.ordered';
  return notice(type, id, content, { opens: belonging(to, about, context) });
}

/** With a reminder from the due date on, the open tasks of that day rise to its level. */
function escalated({ due, rungs }: Pick<SendNotice, 'due' | 'rungs'>, about: Thing, { things }: Context) {
  const level = rungs.map(levelOf).reduce<Level>((most, one) => (one > most ? one : most), 0);
  return things
    .filter(isOpenTask)
    .filter((task) => task.about === about.id && task.due === due && task.level < level)
    .map((task) => taskEscalated(task.id, level));
}

const sendNotice: CommandRule<Notice, SendNotice> = {
  does: 'Remind people of what is owed.',
  who: ['engine'],
  from: ['none'],
  to: ['ordered', 'sent', 'late'],
  rules: ['SUP-0', 'I-33', 'INV-10'],
  refuses: [],
  // Of a body that is a record the AIMS manager is reminded, whose account is read for that.
  holders: ({ to }) => [...to.filter(isRoleCode), ...(to.some(isOfBody) ? ['aims-manager' as const] : [])],
  record: (reminder, { id }, context) => {
    const about = context.under;
    return about ? [ordered(id, reminder, about, context), ...escalated(reminder, about, context)] : [];
  },
};

const recordDelivery: CommandRule<Notice, RecordDelivery> = {
  does: 'Record that the notice went out, or why it did not.',
  who: ['engine'],
  from: ['ordered'],
  to: ['sent', 'late', 'withdrawn', 'failed'],
  rules: ['SUP-0'],
  refuses: [],
  record: (came, { id, late, obligation }) => {
    if ('outdated' in came) return [notice('notice.withdrawn', id, { obligation })];
    if ('answer' in came) return [notice('notice.failed', id, { answer: came.answer })];
    const { through = 'mail', unreached = [], later = [] } = came;
    const wentOut = {
      through,
      ...(unreached.length > 0 ? { unreached } : {}),
      ...(later.length > 0 ? { later } : {}),
    };
    return [notice(late ? 'notice.late' : 'notice.sent', id, wentOut)];
  },
};

const withdrawNotices: CommandRule<Notice, WithdrawNotices> = {
  does: 'Withdraw what is left of a series of reminders.',
  who: ['engine'],
  from: ['none'],
  to: ['withdrawn'],
  rules: ['SUP-0'],
  refuses: [],
  record: ({ obligation }, { id }, context) =>
    context.under
      ? [
          notice(
            'notice.withdrawn',
            id,
            { obligation },
            {
              opens: {
                ...belonging([], context.under, context),
                organisation: context.under.organisation,
                visibility: 'both',
              },
            },
          ),
        ]
      : [],
};

/** What goes out to people. (SUP-0) */
export const noticeMachine: Machine<Notice> = {
  kind: 'notice',
  prefix: 'ntc',
  id: 'SUP-0',
  stages: ['ordered', 'sent', 'late', 'failed', 'withdrawn'],
  ends: ['sent', 'late', 'failed', 'withdrawn'],
  initial: (id) => ({
    ...nothingYet(id),
    kind: 'notice',
    obligation: '',
    rungs: [],
    to: [],
    people: [],
    late: false,
  }),
  is: (thing): thing is Notice => thing.kind === 'notice',
  evolve,
  commands: { sendNotice, recordDelivery, withdrawNotices },
};
