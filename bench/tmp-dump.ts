import { makeSource } from '../test/support/trigger.js';
import { createWorkload } from './match-workload.js';
import fs from 'node:fs';
const w=createWorkload(Number(process.argv[2]??1000),4000);
fs.writeFileSync('/tmp/wl.json',JSON.stringify({triggers:makeSource(w.triggers).triggers,texts:w.texts}));
