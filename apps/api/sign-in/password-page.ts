import { createHash } from 'node:crypto';
import { LONGEST_PASSWORD, passwords, SHORTEST_PASSWORD } from '#contract/routes/session.js';
import { Answer } from '../http/answer.js';

/** The link stands behind the `#` of the address: browsers send that to nobody, so that no log has it. */
const script = `
const form = document.querySelector('form');
const told = document.querySelector('[role=status]');
const link = location.hash.slice(1);
addEventListener('hashchange', () => location.reload());
if (link === '') {
  form.remove();
  say('Open the link in the mail once more: it is not kept here.');
}
history.replaceState(null, '', location.pathname);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const [password, again] = form.querySelectorAll('input[type=password]');
  if (password.value !== again.value) return say('The two are not the same.');
  say('One moment …');
  try {
    const answer = await fetch('${passwords.set.path}', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link, password: password.value }),
    });
    if (answer.ok) {
      form.remove();
      return say('Your password is set. You can close this page and sign in.');
    }
    const problem = await answer.json();
    const reasons = problem.errors.map(({ detail }) => detail);
    say(reasons.length > 0 ? reasons.join(' ') : problem.title + '. ' + problem.detail + ' ' + (problem.hint ?? ''));
  } catch {
    say('Perennial does not answer. Try again in a moment.');
  }
});
function say(words) { told.textContent = words; }
`;

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem; color-scheme: light dark; }
label { display: block; margin-top: 1rem; }
input, button { font: inherit; width: 100%; box-sizing: border-box; min-height: 2.75rem; margin-top: .25rem; }
button { margin-top: 1.5rem; }
`;

const field = `<input type="password" autocomplete="new-password" minlength="${String(SHORTEST_PASSWORD)}" maxlength="${String(LONGEST_PASSWORD)}" required`;

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Set a password – Perennial</title>
<style>${style}</style>
<main>
<h1>Set a password</h1>
<form>
<p>At least ${String(SHORTEST_PASSWORD)} characters. Several words that have nothing to do with you are good; so is one that a password manager makes.</p>
<label>New password ${field} autofocus></label>
<label>The same again ${field}></label>
<button>Set the password</button>
</form>
<p role="status"></p>
<noscript><p>This page needs JavaScript. Or send the link and the password to ${passwords.set.path}.</p></noscript>
</main>
<script>${script}</script>
</html>
`;

const only = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** This script and this style, requests to ourselves, and nothing else. */
const policy = [
  "default-src 'none'",
  `script-src ${only(script)}`,
  `style-src ${only(style)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page on which a password is set. */
export const passwordPage = (): Answer =>
  new Answer(200, page, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
