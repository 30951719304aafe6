import { z } from 'zod';
import { pastProblems, pastQuery } from '../past.js';
import { route } from '../route.js';
import { explainedDate, pastMembers } from '../shapes.js';

const date = (description: string) => z.string().meta({ format: 'date', description });
const sentence = z.string().nullable().meta({ description: 'The way to the date, as a sentence.' });

const station = z
  .looseObject({
    status: z.enum(['happened', 'planned', 'due', 'late']).meta({
      description: 'Whether it happened, is planned, is owed from today on, or is owed since an earlier day.',
    }),
    date: date('Its day.'),
    what: z.string().meta({ description: 'What it is.', examples: ['surveillance audit'] }),
    thing: z.string().meta({ description: 'The thing whose it is.' }),
    key: z.string().nullable().meta({ description: 'What is owed: its name in its thing.' }),
    due: explainedDate.nullable().meta({ description: 'What is owed: its date, with every basis.' }),
    sentence,
    owedBy: z.array(z.string()).meta({ description: 'What is owed: the roles that owe it.' }),
  })
  .meta({ id: 'Station', description: 'Something on the way of a programme.' });

const step = z
  .looseObject({
    step: z.int().meta({ description: 'Its place on the way, 0 to 12.' }),
    name: z.string().meta({ description: 'What it is called.', examples: ['gap analysis'] }),
    id: z.string().meta({ description: 'Its id.' }),
    state: z.string().meta({ description: 'The stage in which it is.' }),
    due: explainedDate.nullable().meta({ description: 'By when it is planned to be done.' }),
    sentence,
    doneOn: date('The day on which it was done or waived.').nullable(),
  })
  .meta({ id: 'RoadmapStep', description: 'One step of readiness.' });

const readiness = z
  .looseObject({
    readyForStage1: z.boolean().meta({ description: 'Advisory: whether nothing is lacking for Stage 1.' }),
    score: z.int().meta({ description: 'Of the steps 0 to 7, how many of a hundred are done.' }),
    lacking: z.array(z.string()).meta({ description: 'What is lacking: names of steps, ids of findings.' }),
    risks: z.array(z.string()).meta({ description: 'Steps that were waived.' }),
  })
  .meta({ id: 'Readiness', description: 'How ready the client is for its audits.' });

/** The way of a programme in one answer. */
export const roadmap = {
  get: route({
    name: 'getRoadmap',
    does: 'Shows the way of one programme: its steps, what happened, what comes next and why.',
    kind: 'read',
    path: '/v1/programmes/{id}/roadmap',
    query: pastQuery,
    answer: z
      .looseObject({
        object: z.literal('roadmap'),
        programme: z
          .looseObject({
            id: z.string().meta({ description: 'Its id.' }),
            number: z.string().nullable().meta({ description: 'Its number for people.' }),
            state: z.string().meta({ description: 'The stage in which it is.' }),
            cycle: z.int().meta({ description: 'Its cycle: 1 until the first renewal.' }),
            governingZone: z.string().meta({ description: 'The zone in which its dates are read.' }),
          })
          .meta({ id: 'RoadmapProgramme', description: 'The programme whose way it is.' }),
        today: date('The day that the clock shows, or that is asked about.'),
        next: station.nullable().meta({ description: 'What is due next; null when nothing is owed.' }),
        late: z.array(station).meta({ description: 'What is overdue, the longest first.' }),
        readiness: readiness
          .nullable()
          .meta({ description: 'For whoever may see all of the client’s own steps.' }),
        steps: z.array(step).meta({ description: 'The steps of readiness that you may see.' }),
        timeline: z.array(station).meta({ description: 'What happened and what comes, day by day.' }),
        links: z.record(z.string(), z.string()).meta({ description: 'Where more is to be read.' }),
        ...pastMembers,
      })
      .meta({ id: 'Roadmap', description: 'The way of one programme.' }),
    problems: pastProblems,
  }),
};
