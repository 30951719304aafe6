import { hash, randomBytes } from 'node:crypto';
import { providers } from '#contract/routes/identities.js';
import { say } from '../output.js';
import { secretFromPerson } from './secret-typed.js';

/** A proof, and what nobody knows but who has begun. */
export interface TypedProof {
  readonly proof: string;
  readonly verifier: string;
}

/** Somebody opens an address in a browser, shows at the provider who they are, and types what the page shows. */
export async function proofFromBrowser(url: string, provider: string): Promise<TypedProof> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = hash('sha256', verifier, 'base64url');
  const path = providers.begin.path.replace('{provider}', encodeURIComponent(provider));
  say(`Open this in a browser, and show there who you are:\n  ${url}${path}?challenge=${challenge}`);
  return { proof: (await secretFromPerson('What the page shows: ')).trim(), verifier };
}
