import { Injectable } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Looks at one part: how it is, in a word. */
export type Look = () => Promise<'ok' | 'degraded' | 'down'>;

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly parts: Readonly<Record<string, string>>;
}

/** Where generated documents and the manifest lie: the folder of the program. */
export interface Documents {
  readonly manifest: string;
  readonly openapi: string;
}

/** How Perennial is. Only without its database is it down: commands are taken while everything else is away. */
@Injectable()
export class HealthService {
  constructor(
    private readonly looks: Readonly<Record<string, Look>>,
    private readonly documents: Documents,
  ) {}

  async ask(): Promise<Health> {
    const found = await Promise.all(
      Object.entries(this.looks).map(
        async ([name, look]) => [name, await look().catch(() => 'down')] as const,
      ),
    );
    const parts = Object.fromEntries(found);
    if (parts['database'] !== 'ok') return { status: 'down', parts };
    return { status: found.every(([, how]) => how === 'ok') ? 'ok' : 'degraded', parts };
  }

  version(): { readonly name: string; readonly version: string; readonly node: string } {
    const manifest: unknown = JSON.parse(readFileSync(this.documents.manifest, 'utf8'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest
        ? String(manifest.version)
        : '';
    return { name: 'perennial', version, node: process.version };
  }

  openapi(): string {
    return readFileSync(this.documents.openapi, 'utf8');
  }
}
