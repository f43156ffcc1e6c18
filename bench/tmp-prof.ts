import { makeSource } from '../test/support/trigger.js';
import { createWorkload } from './match-workload.js';
const load = async <T>(path: string): Promise<T> => (await import(new URL('../dist/'+path, import.meta.url).href)) as T;
const { compileRuleset } = await load<any>('compile/ruleset.js');
const { createMatcher } = await load<any>('match/matcher.js');
const { createDecider } = await load<any>('decide/decider.js');
const { readEvent } = await load<any>('load/event.js');
const { createLauncher } = await load<any>('launch/launch.js');
const { createTemplates } = await load<any>('launch/liquid.js');
const workload = createWorkload(Number(process.argv[2]??1000), 4000);
const ruleset = compileRuleset(makeSource(workload.triggers));
const matcher = createMatcher(ruleset);
const decider = createDecider({ ruleset, matcher, reducers: new Map() });
const launcher = createLauncher(ruleset, createTemplates());
decider.start(0);
const options = { mode: 'lenient', receivedAt: 0, newId: () => 'none' };
const us=(b:bigint)=>Number(process.hrtime.bigint()-b)/1e3/4000;
console.log(JSON.stringify(ruleset.triggers[0].trigger.launches), workload.texts[0].slice(0,900));
for (let r=0;r<30;r++){
  let b=process.hrtime.bigint(); let k; for(const t of workload.texts) k=JSON.parse(t); const parse=us(b);
  const raws=workload.texts.map((t:string)=>JSON.parse(t));
  b=process.hrtime.bigint(); const reads=raws.map((x:any)=>readEvent(x,options)); const read=us(b);
  b=process.hrtime.bigint(); for(const x of reads) matcher.match(x.event); const match=us(b);
  b=process.hrtime.bigint(); const fs=reads.map((x:any)=>decider.event(x.event,x.at,x.at)); const dec=us(b);
  b=process.hrtime.bigint(); let n=0; for(const f of fs) for (const g of f.firings) n+=launcher.launches(g).length; const lau=us(b);
  b=process.hrtime.bigint(); for(const t of workload.texts){const x=readEvent(JSON.parse(t),options); for(const g of decider.event(x.event,x.at,x.at).firings) n+=launcher.launches(g).length;} const all=us(b);
  if(r%5===4) console.log({parse,read,match,dec,lau,all,n,ratio:all/parse});
}
