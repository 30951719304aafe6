import { webcrypto } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { send, type ApiDoor } from './door.js';

type Handler = (event: object) => unknown;

/** What a script may see of one element of its page. */
class Element {
  textContent = '';
  isThere = true;
  readonly dataset: Record<string, string> = {};
  private readonly handlers: Handler[] = [];

  constructor(
    readonly name: string,
    readonly fields: readonly { readonly value: string }[] = [],
  ) {}

  addEventListener(_event: string, handler: Handler): void {
    this.handlers.push(handler);
  }

  querySelectorAll(): readonly { readonly value: string }[] {
    return this.fields;
  }

  remove(): void {
    this.isThere = false;
  }

  replaceWith(): void {
    this.isThere = false;
  }

  async does(): Promise<void> {
    for (const handler of this.handlers) await handler({ preventDefault: () => undefined });
  }
}

/** A tab of a browser, as far as our two pages need one: it runs their scripts as they come from the door. */
export class Tab {
  readonly stored = new Map<string, string>();
  /** Where the page has sent the tab. */
  sentTo = '';
  private elements: readonly Element[] = [];

  constructor(private readonly door: ApiDoor) {}

  /** Opens a page, and runs its script; what was typed stands in its fields. */
  async open(address: string, ...typed: readonly string[]): Promise<void> {
    const [path = '', hash = ''] = address.split('#');
    const { bytes } = await send(this.door.url, 'GET', path);
    const html = bytes.toString();
    const buttons = [...html.matchAll(/data-provider="([^"]+)"/g)].map(([, name = '']) => {
      const button = new Element('[data-provider]');
      button.dataset['provider'] = name;
      return button;
    });
    const form = new Element(
      'form',
      typed.map((value) => ({ value })),
    );
    this.elements = [
      form,
      new Element('[role=status]'),
      new Element('template'),
      new Element('output'),
      ...buttons,
    ];
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
    runInNewContext(script, this.surroundings(path, hash));
  }

  get told(): string {
    return this.one('[role=status]')?.textContent ?? '';
  }

  get shown(): string {
    return this.one('output')?.textContent ?? '';
  }

  get buttons(): readonly string[] {
    return this.elements.flatMap(({ dataset, isThere }) => (isThere ? (dataset['provider'] ?? []) : []));
  }

  async submits(): Promise<void> {
    await this.one('form')?.does();
  }

  async presses(provider: string): Promise<void> {
    await this.elements.find(({ dataset }) => dataset['provider'] === provider)?.does();
  }

  private one(name: string): Element | undefined {
    return this.elements.find((element) => element.name === name);
  }

  private surroundings(path: string, hash: string): object {
    const all = (wanted: string): readonly Element[] =>
      this.elements.filter(({ name }) => wanted.split(', ').includes(name));
    return {
      document: { querySelector: (name: string) => this.one(name), querySelectorAll: all },
      location: {
        hash: hash === '' ? '' : `#${hash}`,
        pathname: path,
        assign: (to: string) => (this.sentTo = to),
      },
      history: { replaceState: () => undefined },
      sessionStorage: {
        getItem: (name: string) => this.stored.get(name) ?? null,
        setItem: (name: string, value: string) => this.stored.set(name, value),
        removeItem: (name: string) => this.stored.delete(name),
      },
      ...{ addEventListener: () => undefined, crypto: webcrypto, TextEncoder, Uint8Array, btoa },
      fetch: (to: string, how: RequestInit) => fetch(`${this.door.url}${to}`, how),
    };
  }
}
