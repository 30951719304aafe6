import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { onTheWay } from '#database/reading/roadmap.js';
import { textsBehind } from '#database/reading/things.js';
import { viewAs } from '#database/reading/view.js';
import type { Thing } from '#domain/machine.js';
import { isProgramme } from '#domain/programme/facts.js';
import { stepIn } from '#domain/readiness/moves.js';
import { memberName } from '#domain/record.js';
import { templates, written, type Known, type Template } from '#domain/readiness/templates.js';
import { Answer } from '../http/answer.js';
import { notFound } from '../http/fault.js';
import type { Sent } from '../http/sent.js';
import type { Caller } from '../http/visit.js';
import { oneOf } from '../things/one.js';

/** Writes documents to begin with, from what the caller may see of a programme. */
@Injectable()
export class TemplatesService {
  constructor(private readonly source: DataSource) {}

  async list(sent: Sent, caller: Caller): Promise<Answer> {
    const { thing } = await oneOf(this.source, sent, caller);
    const base = `/v1/programmes/${thing.id}/templates`;
    return new Answer(200, { data: templates.map((one) => ({ ...shown(one), url: `${base}/${one.name}` })) });
  }

  async get({ params }: Sent, caller: Caller): Promise<Answer> {
    const template = templates.find(({ name }) => name === params['template']);
    if (!template) throw notFound();
    const known = await viewAs(this.source, caller, async (client) => {
      const found = await onTheWay(client, params['id'] ?? '');
      if (!found) throw notFound();
      const { texts } = found.programme;
      return knownOf(found.programme, found.things, {
        names: texts,
        content: await textsBehind(client, Object.values(texts)),
      });
    });
    return new Answer(200, { object: 'template', ...shown(template), text: written(template, known) });
  }
}

const shown = ({ name, title, documentKind }: Template): object => ({ name, title, documentKind });

/** Before the application the systems are those that the scope names, by their keys. */
function knownOf(
  programme: Thing,
  things: readonly Thing[],
  { names, content }: { names: Thing['texts']; content: Readonly<Record<string, string>> },
): Known {
  const applied = isProgramme(programme) ? programme.aiSystems : [];
  const systems = applied.length > 0 ? applied : (stepIn(things, 1)?.systems ?? []);
  const textOf = (name: string): string | undefined => content[names[memberName(name)] ?? ''];
  const scope = textOf('scope');
  return {
    ...(scope === undefined ? {} : { scope }),
    systems: systems.map(({ key, roles }) => ({ name: calledIn(textOf(`aiSystem.${key}`)) ?? key, roles })),
    ratings: stepIn(things, 2)?.ratings ?? {},
  };
}

/** The words on a system are its name and, behind a colon, what it is for. */
const calledIn = (text: string | undefined): string | undefined => text?.split(': ')[0];
