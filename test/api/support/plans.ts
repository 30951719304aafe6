import { findings } from '#contract/routes/findings.js';
import type { ApiDoor } from './door.js';
import type { Somebody } from './people.js';
import { raised, type SmallWorld } from './world.js';

/** A plan for a finding, whose action somebody owns. */
export const planOf = (owner: string) => ({
  ...{ correction: 'Assess it', extent: 'Looked at all five', cause: 'No owner', causeMethod: 'Five whys' },
  ...{ correctiveAction: 'An owner for each', owner, actionDue: '2029-06-01' as never },
  otherSites: 'There are none',
});

/** A raised finding of the client's own, which waits for a plan; answers its id and version. */
export async function toBePlanned(
  door: ApiDoor,
  world: SmallWorld,
  iris: Somebody,
  { programme, key }: { readonly programme: string; readonly key: string },
): Promise<{ readonly id: string; readonly version: number }> {
  const id = await world.finding(iris, programme, key);
  const one = { params: { id }, key, version: 1, body: raised };
  const { version } = await door.as(iris.token).call(findings.commands.raiseNonconformity, one);
  return { id, version };
}
