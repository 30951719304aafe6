import { providers } from '#contract/routes/identities.js';
import { LONGEST_PASSWORD, passwords, SHORTEST_PASSWORD } from '#contract/routes/session.js';
import type { Answer } from '../http/answer.js';
import { browserPage, common } from './browser-page.js';

/** Where a tab keeps the link while it is at a provider: in itself, and nowhere else. */
export const KEPT = 'perennial-link';

/** The link stands behind the `#` of the address: browsers send that to nobody, so that no log has it. */
const script = `${common}
const form = document.querySelector('form');
const link = location.hash.slice(1);
addEventListener('hashchange', () => location.reload());
if (link === '') {
  document.querySelectorAll('form, [data-provider]').forEach((one) => one.remove());
  say('Open the link in the mail once more: it is not kept here.');
}
history.replaceState(null, '', location.pathname);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const [password, again] = form.querySelectorAll('input[type=password]');
  if (password.value !== again.value) return say('The two are not the same.');
  if ((await ask('${passwords.set.path}', { link, password: password.value })) === undefined) return;
  document.querySelectorAll('form, [data-provider]').forEach((one) => one.remove());
  say('Your password is set. You can close this page and sign in.');
});
document.querySelectorAll('[data-provider]').forEach((button) => button.addEventListener('click', async () => {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  sessionStorage.setItem('${KEPT}', JSON.stringify({ link, verifier }));
  location.assign('${providers.signIn.path}/' + button.dataset.provider + '?challenge=' + challenge);
}));
function base64url(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
`;

const field = `<input type="password" autocomplete="new-password" minlength="${String(SHORTEST_PASSWORD)}" maxlength="${String(LONGEST_PASSWORD)}" required`;

/** Names have letters, digits and hyphens alone, as the configuration says. */
const buttonOf = (name: string): string =>
  `<button type="button" data-provider="${name}">Or sign in by ${name} from now on</button>`;

/** The page on which a password is set, or an identity is linked in its place. */
export const passwordPage = (names: readonly string[]): Answer =>
  browserPage({
    title: 'Set a password',
    script,
    main: `<form>
<p>At least ${String(SHORTEST_PASSWORD)} characters. Several words that have nothing to do with you are good; so is one that a password manager makes.</p>
<label>New password ${field} autofocus></label>
<label>The same again ${field}></label>
<button>Set the password</button>
</form>
${names.map(buttonOf).join('\n')}
<noscript><p>This page needs JavaScript. Or send the link and the password to ${passwords.set.path}.</p></noscript>`,
  });
