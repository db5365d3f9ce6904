/**
 * node test/storage/crash/main.ts --files 500 --kills 15 --seed 1 [--faults 0.15] [--life 4000] [--memory]
 * Pushes through a bucket, under faults and kills; with --memory, then 50 files of 40 MB, and prints the memory it used.
 */
import { crashArguments } from "../../submit/crash/arguments.ts";
import { crash, problemsOf } from "./drive.ts";
import { memoryOfLargeFiles } from "./memory.ts";

const { memory, ...options } = crashArguments({ files: 500, kills: 15, seed: 1, faults: 0.15, life: 4000 }, [
  "memory",
]);
const start = performance.now();
const result = await crash({ ...options, onRun: (line) => console.log(line) });
const problems = problemsOf(result);
const { state, kills, runs } = result;
const { requests, faults, objects, assets } = state;
const seconds = Math.round((performance.now() - start) / 1000);
console.log({ requests, faults, objects: objects.length, assets: assets.length, kills, runs, seconds });
console.log(problems.length ? problems.join("\n") : "one object and one asset per passing file");
if (memory) console.log(await memoryOfLargeFiles(50, 40));
process.exitCode = problems.length ? 1 : 0;
