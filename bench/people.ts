import { call } from './http.js';

/** A client with a programme of its own, and two of its people who can act. */
export interface Desk {
  readonly programme: string;
  readonly auditor: string;
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A sandbox with a client, a body and a programme; an internal auditor who drafts and raises findings. */
export async function openDesk(url: string, key: string, seed: number): Promise<Desk> {
  const sandbox = await call(url, key, {
    path: '/v1/sandboxes',
    body: {
      name: `bench ${String(seed)}`,
      startsAt: '2029-01-08T08:00:00.000Z',
      zone: 'Europe/Vienna',
      seed,
    },
  });
  const organisations = sandbox.body['organisations'] as readonly { id: string; side: string }[];
  const of = (side: string): string => organisations.find((one) => one.side === side)?.id ?? '';
  const join = async (organisation: string, role: string): Promise<string> => {
    const invited = await call(url, key, {
      path: '/v1/people',
      body: { organisation, name: `Bench ${role}`, mail: `${role}@client.example`, roles: [role] },
    });
    const person = word(invited.body['id']);
    const acting = await call(url, key, {
      path: `/v1/sandboxes/${word(sandbox.body['id'])}/act-as`,
      body: { person },
    });
    const token = word(acting.body['token']);
    await call(url, token, {
      path: `/v1/people/${person}/accept-invitation`,
      body: {},
      version: Number(invited.body['version']),
    });
    return token;
  };
  const manager = await join(of('client'), 'aims-manager');
  const auditor = await join(of('client'), 'internal-auditor');
  const programme = await call(url, manager, {
    path: '/v1/programmes',
    body: { governingZone: 'Europe/Vienna' },
  });
  return { programme: word(programme.body['id']), auditor };
}

/** Drafts a finding: one fact, one new thing, one row of idempotency. */
export async function draft(
  url: string,
  { programme, auditor }: Desk,
): Promise<{ id: string; version: number }> {
  const { body } = await call(url, auditor, {
    path: '/v1/findings',
    body: {
      under: programme,
      source: 'internalAudit',
      requirement: '8.4',
      statement: 'No impact assessment of the assistant was kept.',
      objectiveEvidence: 'Register of 12 March, entry 4',
    },
  });
  return { id: word(body['id']), version: Number(body['version']) };
}

/** Raises a drafted finding: the fact that opens a process. */
export async function raise(
  url: string,
  desk: Desk,
  finding: { id: string; version: number },
): Promise<void> {
  await call(url, desk.auditor, {
    path: `/v1/findings/${finding.id}/raise-nonconformity`,
    body: { grade: 'minor', gradeReason: 'One system of five' },
    version: finding.version,
  });
}
