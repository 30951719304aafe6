#!/usr/bin/env node
// `npx perennial <command>` inside the checkout: the launcher, which finds the pinned Node.
import './launch.mjs';
