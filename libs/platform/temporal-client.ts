import { Client, Connection } from '@temporalio/client';
import { clientConverter } from './payload-encryption.js';
import { pause } from './pause.js';
import { StartFailure } from './start-failure.js';

export interface TemporalPlace {
  address: string;
  namespace: string;
  /** With what the server's payloads are encrypted, the newest key first; not at all where there is none. */
  payloadKeys?: readonly string[] | undefined;
}

const EACH_MS = 5_000;

/** A connected client, as soon as the server serves the namespace; tries again until the time is over. */
export async function connectTemporal(place: TemporalPlace, withinMs: number): Promise<Client> {
  const { address, namespace } = place;
  const end = Date.now() + withinMs;
  for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
    try {
      return await connectOnce(place, Math.min(EACH_MS, Math.max(end - Date.now(), 100)));
    } catch (cause) {
      if (Date.now() + wait > end) throw cannotBeReached(address, namespace, cause);
      await pause(wait);
    }
  }
}

async function connectOnce(
  { address, namespace, payloadKeys }: TemporalPlace,
  limitMs: number,
): Promise<Client> {
  const connection = await Connection.connect({ address, connectTimeout: limitMs });
  try {
    await connection.withDeadline(Date.now() + limitMs, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return new Client({ connection, namespace, dataConverter: clientConverter(payloadKeys) });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function cannotBeReached(address: string, namespace: string, cause: unknown): StartFailure {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StartFailure(
    {
      code: 'E1009',
      what: `The workflow server at ${address} cannot be reached, or has no namespace ${namespace}.`,
      lines: [
        `It said: ${why}`,
        'See that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are right, or leave them out: then one is started here.',
        `A namespace is made by:   temporal operator namespace create --namespace ${namespace} --retention 72h`,
      ],
    },
    cause,
  );
}
