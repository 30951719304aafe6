import { identities } from '#contract/routes/identities.js';
import type { Answer } from '../http/answer.js';
import { browserPage, common } from './browser-page.js';
import { KEPT } from './password-page.js';

/** The proof stands behind the `#`, as links do. A tab that has opened a link before goes on with it by itself. */
const script = `${common}
const [proof, kept] = [location.hash.slice(1), sessionStorage.getItem('${KEPT}')];
addEventListener('hashchange', () => location.reload());
history.replaceState(null, '', location.pathname);
sessionStorage.removeItem('${KEPT}');
if (proof === '') say('There is nothing to see here any more. Begin again where you began.');
else if (kept === null) show();
else linkNow({ ...JSON.parse(kept), proof });
function show() {
  document.querySelector('template').replaceWith(document.querySelector('template').content);
  document.querySelector('output').textContent = proof;
}
async function linkNow(body) {
  const linked = await ask('${identities.linkByLink.path}', body);
  if (linked) say('From now on this opens the account of ' + linked.mail + '. You can close this page and sign in.');
}
`;

/** The page to which a browser comes back from a provider. */
export const proofPage = (): Answer =>
  browserPage({
    title: 'You have shown who you are',
    script,
    main: `<template>
<p>Put this where you began. It is good once, for ten minutes. Nobody else may have it: not even somebody who asks for it.</p>
<output></output>
</template>
<noscript><p>This page needs JavaScript. What you look for stands behind the # of the address.</p></noscript>`,
  });
