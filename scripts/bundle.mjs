// The processes as one file, made once at build time: a worker that starts has nothing left to bundle.
import { fileURLToPath } from 'node:url';
import { bundleProcesses } from './bundle-processes.mjs';

const built = (name) => fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));

await bundleProcesses((name) => built(`workflows/${name}`), built('workflow-bundle'));
