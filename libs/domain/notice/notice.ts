import { isRoleCode, rolesOn, sideOf, type Id, type Role } from '../actor.js';
import type { CivilDate } from '../instant.js';
import {
  nothingYet,
  recorder,
  type CommandRule,
  type Context,
  type Evolvers,
  type Machine,
  type Opening,
  type Thing,
} from '../machine.js';
import { actorOfPerson } from '../person/person.js';
import { isPerson } from '../person/facts.js';
import { programmeOf } from '../programme/parties.js';
import { queueOwner } from '../task/task.js';

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
}

/** What a process asks to be sent. */
export interface SendNotice {
  readonly obligation: string;
  readonly due: CivilDate;
  readonly rungs: readonly string[];
  readonly to: readonly Role[];
  /** True when steps were missed on the way, in an outage for instance. */
  readonly late: boolean;
}

/** How a notice went out. */
export interface RecordDelivery {
  readonly through?: 'mail' | 'catcher';
}

/** A series of reminders whose obligation is met or gone. */
export interface WithdrawNotices {
  readonly obligation: string;
}

type Content = Pick<Notice, 'obligation' | 'rungs' | 'to' | 'people' | 'late'> & { readonly due: CivilDate };

interface NoticeEvents {
  'notice.ordered': Content;
  'notice.sent': Content | { through: string };
  'notice.late': Content | { through: string };
  'notice.withdrawn': { obligation: string };
}

const notice = recorder<NoticeEvents>('notice');

const evolve: Evolvers<Notice, NoticeEvents> = {
  'notice.ordered': (state, { data }) => ({ ...state, ...data, stage: 'ordered' }),
  'notice.sent': (state, { data }) => ({ ...state, ...data, stage: 'sent' }),
  'notice.late': (state, { data }) => ({ ...state, ...data, stage: 'late' }),
  'notice.withdrawn': (state, { data }) => ({ ...state, ...data, stage: 'withdrawn' }),
};

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

const sendNotice: CommandRule<Notice, SendNotice> = {
  does: 'Remind people of what is owed.',
  who: ['engine'],
  from: ['none'],
  to: ['ordered', 'sent', 'late'],
  rules: ['SUP-0', 'I-33', 'INV-10'],
  refuses: [],
  holders: ({ to }) => to.filter(isRoleCode),
  record: ({ obligation, due, rungs, to, late }, { id }, context) => {
    const about = context.under;
    if (!about) return [];
    const content = { obligation, due, rungs, to, late, people: recipients(to, about, context) };
    const type = context.sandbox ? (late ? 'notice.late' : 'notice.sent') : 'notice.ordered';
    return [notice(type, id, content, { opens: belonging(to, about, context) })];
  },
};

const recordDelivery: CommandRule<Notice, RecordDelivery> = {
  does: 'Record that the notice went out.',
  who: ['engine'],
  from: ['ordered'],
  to: ['sent', 'late'],
  rules: ['SUP-0'],
  refuses: [],
  record: ({ through = 'mail' }, { id, late }) => [
    notice(late ? 'notice.late' : 'notice.sent', id, { through }),
  ],
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
  stages: ['ordered', 'sent', 'late', 'withdrawn'],
  ends: ['sent', 'late', 'withdrawn'],
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
