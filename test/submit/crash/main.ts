/** node test/submit/crash/main.ts --files 500 --kills 30 --seed 1 [--faults 0.2] [--life 2500] */
import { parseArgs } from "node:util";
import { crash, faultsOf } from "./drive.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "500" },
    kills: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    faults: { type: "string", default: "0.2" },
    life: { type: "string", default: "2500" },
  },
});
const start = performance.now();
const result = await crash({
  files: Number(values.files),
  kills: Number(values.kills),
  seed: Number(values.seed),
  faults: Number(values.faults),
  life: Number(values.life),
  onRun: (line) => console.log(line),
});
const faults = faultsOf(result);
const { state, kills, runs, beside } = result;
console.log({
  requests: state.requests,
  faults: state.faults,
  assets: state.assets.length,
  uploads: state.uploads.length,
});
console.log({ kills, runs, beside, seconds: Math.round((performance.now() - start) / 1000) });
console.log(faults.length ? faults.join("\n") : "nothing lost, nothing twice");
process.exitCode = faults.length ? 1 : 0;
