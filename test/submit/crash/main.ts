/** node test/submit/crash/main.ts --files 500 --kills 30 --seed 1 [--faults 0.2] [--life 2500] */
import { crashArguments } from "./arguments.ts";
import { crash, faultsOf } from "./drive.ts";

const options = crashArguments({ files: 500, kills: 30, seed: 1, faults: 0.2, life: 2500 });
const start = performance.now();
const result = await crash({ ...options, onRun: (line) => console.log(line) });
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
