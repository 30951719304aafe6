import { hash } from 'node:crypto';
import { Answer } from '../http/answer.js';

/** What a page is made of: HTML, and the one script that it runs. */
export interface Written {
  readonly title: string;
  readonly main: string;
  readonly script: string;
}

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem; color-scheme: light dark; }
label { display: block; margin-top: 1rem; }
input, button { font: inherit; width: 100%; box-sizing: border-box; min-height: 2.75rem; margin-top: .25rem; }
button { margin-top: 1.5rem; }
output { display: block; font-family: monospace; overflow-wrap: anywhere; user-select: all; margin-top: 1rem; }
`;

const only = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/** This script and this style, requests to ourselves, and nothing else. */
const policyOf = (script: string): string =>
  [
    "default-src 'none'",
    `script-src ${only(script)}`,
    `style-src ${only(style)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** A small page that is kept nowhere. */
export function browserPage({ title, main, script }: Written): Answer {
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – Perennial</title>
<style>${style}</style>
<main>
<h1>${title}</h1>
${main}
<p role="status"></p>
</main>
<script>${script}</script>
</html>
`;
  return new Answer(200, page, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(script),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
}

/** What scripts of pages have in common: what they say, and how they ask. */
export const common = `
const told = document.querySelector('[role=status]');
function say(words) { told.textContent = words; }
async function ask(path, body) {
  say('One moment …');
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.ok) return answer.status === 204 ? {} : await answer.json();
    const problem = await answer.json();
    const reasons = problem.errors.map(({ detail }) => detail);
    say(reasons.length > 0 ? reasons.join(' ') : problem.title + '. ' + problem.detail + ' ' + (problem.hint ?? ''));
  } catch {
    say('Perennial does not answer. Try again in a moment.');
  }
}
`;
